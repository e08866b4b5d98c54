import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Actor, Scope } from '@comptoir/contracts/access'
import type { Call } from '@comptoir/service-kit/context'
import type { OrderId } from '@comptoir/contracts/ids'
import type { TimelineEntry } from '@comptoir/contracts/orders/model'
import { OrderSnapshot } from '@comptoir/contracts/orders/model'
import type { orders } from '@comptoir/contracts/orders/procedures'
import { encodeCursor } from '@comptoir/contracts/page'
import { orderConfirmed } from '@comptoir/contracts/orders/events'
import { systemIds } from '@comptoir/service-kit/ids'
import {
  customerActor,
  guestActor,
  provenActor,
  provenStaffActor,
  serviceActor,
  staffActor,
} from '@comptoir/service-kit/testing/actors'
import { watchOrder } from '../src/procedures/watch-order.ts'
import { refusal } from './fake-shop.ts'
import { paymentNews, shipmentNews } from './heard-events.ts'
import { codeOf, startOrders } from './orders-under-test.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders()
})
afterAll(() => world.service.stop())
beforeEach(() => {
  world.shop.cancelShipment = async () => true
})

const confirmed = async (actor: Actor = guestActor()) => {
  const placed = await world.place(actor)
  await world.service.publish(paymentNews(placed.order, 'captured'))
  await world.service.probe.next(orderConfirmed, ({ aggregateId }) => aggregateId === placed.order.id)
  return placed
}

/** The procedure as the kit calls it. */
const watch = (
  actor: Actor,
  orderId: OrderId,
  from: { lastEventId?: string | undefined; signal?: AbortSignal } = {},
) => {
  const call: Call<typeof orders.watchOrder> = {
    actor,
    operationId: systemIds.next(),
    answer: () => Promise.reject(new Error('A stream has no answer')),
    fail: (code, ..._data) => refusal(code, 404),
  }
  const input = { orderId, lastEventId: from.lastEventId ?? null }
  return watchOrder({
    ctx: { ...world.service.context, ...call },
    input,
    signal: from.signal ?? new AbortController().signal,
  })[Symbol.asyncIterator]()
}

describe('somebody else’s order is no order', () => {
  test('for every procedure that names one', async () => {
    const { order } = await confirmed()
    const stranger = world.service.as(guestActor())
    const other = world.service.as(customerActor())
    const named = { orderId: order.id }
    const unknown = { orderId: systemIds.next<OrderId>() }
    for (const who of [stranger, other]) {
      expect(await codeOf(who.getOrder(named))).toBe('ORDER_NOT_FOUND')
      expect(await codeOf(who.getTimeline(named))).toBe('ORDER_NOT_FOUND')
      expect(await codeOf(who.cancelOrder(named))).toBe('ORDER_NOT_FOUND')
      expect(await codeOf(who.getOrder(unknown))).toBe('ORDER_NOT_FOUND')
      expect(await codeOf(who.prepareOrder(named))).toBe('FORBIDDEN')
      expect(await codeOf(who.getSnapshot(named))).toBe('NOT_FOUND')
      expect((await who.listOrders({})).items).toEqual([])
    }
    expect(await codeOf(watch(guestActor(), order.id).next() as Promise<unknown>)).toBe('ORDER_NOT_FOUND')
    expect(await codeOf(world.service.as(staffActor()).prepareOrder(unknown))).toBe('ORDER_NOT_FOUND')
  })

  test('but staff see it, and services its snapshot', async () => {
    const { order, actor } = await world.place()
    expect(await world.service.as(staffActor()).getOrder({ orderId: order.id })).toEqual(order)
    expect(await world.service.as(actor).getOrder({ orderId: order.id })).toEqual(order)
    const service = world.service.as(serviceActor('delivery'))
    const snapshot = await service.getSnapshot({ orderId: order.id })
    expect(OrderSnapshot.parse(snapshot)).toMatchObject({
      owner: { kind: 'guest', id: actor.id },
      cartVersion: 3,
    })
    expect(await codeOf(service.getSnapshot({ orderId: systemIds.next<OrderId>() }))).toBe('ORDER_NOT_FOUND')
  })
})

describe('a list', () => {
  test('is one’s own, newest first, page by page', async () => {
    const actor = customerActor()
    const numbers: string[] = []
    for (let count = 0; count < 5; count += 1) numbers.unshift((await world.place(actor)).order.number)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await world.service.as(actor).listOrders({ limit: 2, ...(cursor && { cursor }) })
      seen.push(...page.items.map((item) => item.number))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(numbers)
  })

  test('is filtered by status, number and time', async () => {
    const actor = customerActor()
    const { order } = await world.place(actor)
    const { order: cancelled } = await world.place(actor)
    await world.service.as(actor).cancelOrder({ orderId: cancelled.id })
    const list = async (filter: object) =>
      (await world.service.as(actor).listOrders(filter)).items.map((item) => item.id)
    expect(await list({ status: 'cancelled' })).toEqual([cancelled.id])
    expect(await list({ q: order.number.toLowerCase() })).toEqual([order.id])
    expect(await list({ placedAfter: cancelled.placedAt })).toEqual([])
    expect(await list({ placedBefore: order.placedAt })).toEqual([])
    const everybody = await world.service.as(staffActor()).listOrders({ q: order.number })
    expect(everybody.items.map((item) => item.id)).toEqual([order.id])
  })

  test('refuses a cursor that is not its own, CURSOR_INVALID', async () => {
    const me = world.service.as(provenActor())
    for (const cursor of ['nonsense', encodeCursor(['a', 'b']), encodeCursor([1])]) {
      expect(await codeOf(me.listOrders({ cursor }))).toBe('CURSOR_INVALID')
      expect(await codeOf(me.exportOrders({ cursor }))).toBe('CURSOR_INVALID')
    }
  })
})

describe('cancelling', () => {
  test('by the customer and by staff names who it was', async () => {
    const mine = await world.place()
    expect(await world.service.as(mine.actor).cancelOrder({ orderId: mine.order.id })).toMatchObject({
      status: 'cancelled',
      cancelReason: 'customer',
      version: 2,
    })
    const theirs = await world.place()
    await world.service.as(provenStaffActor()).cancelOrder({ orderId: theirs.order.id })
    const { items } = await world.service.as(theirs.actor).getTimeline({ orderId: theirs.order.id })
    expect(items).toMatchObject([
      { kind: 'order', status: 'received', actor: 'customer', reason: null },
      { kind: 'order', status: 'cancelled', actor: 'staff', reason: 'staff' },
    ])
  })

  test('a confirmed order asks delivery first', async () => {
    const asked: string[] = []
    world.shop.cancelShipment = async ({ orderId }) => asked.push(orderId) > 1
    const { order, actor } = await confirmed()
    const call = world.service.as(actor).cancelOrder({ orderId: order.id })
    await expect(call).rejects.toMatchObject({ code: 'ORDER_NOT_CANCELLABLE', data: { status: 'confirmed' } })
    expect(await world.service.as(actor).cancelOrder({ orderId: order.id })).toMatchObject({
      status: 'cancelled',
    })
    expect(asked).toEqual([order.id, order.id])
  })

  test('somebody else’s order takes a fresh proof of who staff are, one’s own none', async () => {
    const { order, actor } = await world.place(customerActor())
    const anHourAgo = provenStaffActor(new Date(Date.now() - 3_600_000))
    for (const stale of [staffActor(), anHourAgo])
      expect(await codeOf(world.service.as(stale).cancelOrder({ orderId: order.id }))).toBe(
        'REAUTHENTICATION_REQUIRED',
      )
    const acting = { ...provenStaffActor(), via: systemIds.next() }
    expect(await codeOf(world.service.as(acting).cancelOrder({ orderId: order.id }))).toBe('FORBIDDEN')
    expect(await world.service.as(actor).cancelOrder({ orderId: order.id })).toMatchObject({
      cancelReason: 'customer',
    })
  })

  test('somebody else’s order that was paid takes the right to refund, for machines as for people', async () => {
    const machine = (...scopes: Scope[]): Actor => ({ kind: 'client', id: systemIds.next(), scopes })
    const unpaid = await world.place()
    const cancel = (who: Actor, { order }: typeof unpaid) =>
      world.service.as(who).cancelOrder({ orderId: order.id })
    expect(await cancel(machine('orders:write'), unpaid)).toMatchObject({ status: 'cancelled' })
    const clerk: Actor = { ...provenStaffActor(), scopes: ['orders:write'] }
    const [first, second, own] = [await confirmed(), await confirmed(), await confirmed(clerk)]
    for (const who of [machine('orders:write'), clerk])
      expect(await codeOf(cancel(who, first))).toBe('FORBIDDEN')
    expect(await cancel(machine('orders:write', 'payments:refund'), first)).toMatchObject({
      cancelReason: 'staff',
    })
    expect(await cancel(provenStaffActor(), second)).toMatchObject({ cancelReason: 'staff' })
    expect(await cancel(clerk, own)).toMatchObject({ cancelReason: 'customer' })
  })

  test('a second time is refused, and an order that has left too', async () => {
    const { order, actor } = await confirmed()
    await world.service.as(staffActor()).prepareOrder({ orderId: order.id })
    await world.service.publish(shipmentNews(order, 'dispatched'))
    await world.until(order.id, 'order shipped')
    expect(await codeOf(world.service.as(actor).cancelOrder({ orderId: order.id }))).toBe(
      'ORDER_NOT_CANCELLABLE',
    )
    const other = await world.place()
    await world.service.as(other.actor).cancelOrder({ orderId: other.order.id })
    expect(await codeOf(world.service.as(other.actor).cancelOrder({ orderId: other.order.id }))).toBe(
      'ORDER_NOT_CANCELLABLE',
    )
  })
})

test('an order that is not confirmed cannot be prepared, ORDER_NOT_PREPARABLE', async () => {
  const { order } = await world.place()
  const call = world.service.as(staffActor()).prepareOrder({ orderId: order.id })
  await expect(call).rejects.toMatchObject({ code: 'ORDER_NOT_PREPARABLE', data: { status: 'received' } })
})

/** Resolves once a page of entries waits for the lock on their table. */
const untilEntriesAwaited = async (): Promise<void> => {
  for (const end = performance.now() + 10_000; performance.now() < end; await Bun.sleep(10)) {
    const rows = await world.service.sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%"status_history"%limit%'`
    if (rows.length > 0) return
  }
  throw new Error('Nobody came to wait for the entries in 10 s')
}

describe('watching', () => {
  test('replays, goes on live, and ends with the order', async () => {
    const { order, actor } = await world.place()
    const stream = watch(actor, order.id)
    const statuses: string[] = []
    const next = async (): Promise<TimelineEntry | undefined> => {
      const { done, value } = await stream.next()
      if (done !== true) statuses.push(`${value.kind} ${value.status}`)
      return done === true ? undefined : value
    }
    const first = await next()
    const live = next()
    await world.service.publish(paymentNews(order, 'authorized'))
    expect(await live).toMatchObject({ kind: 'payment', status: 'authorized', actor: 'system' })
    await world.service.as(actor).cancelOrder({ orderId: order.id })
    await next()
    expect(await next()).toBeUndefined()
    expect(statuses).toEqual(['order received', 'payment authorized', 'order cancelled'])

    const resumed: string[] = []
    const again = watch(actor, order.id, { lastEventId: first?.id })
    for (let item = await again.next(); item.done !== true; item = await again.next())
      resumed.push(item.value.status)
    expect(resumed).toEqual(['authorized', 'cancelled'])
  })

  test('ends with the order also when it ends between the reading of its status and of its entries', async () => {
    const { order, actor } = await world.place()
    const ending = await world.service.sql.reserve()
    await ending`begin`
    await ending`lock table status_history in access exclusive mode`
    const stream = watch(actor, order.id)
    const first = stream.next()
    await untilEntriesAwaited()
    await ending`update orders set status = 'cancelled', cancel_reason = 'customer' where id = ${order.id}`
    await ending`
      insert into status_history (id, order_id, kind, status, actor, at)
      values (gen_random_uuid(), ${order.id}, 'order', 'cancelled', 'system', now())`
    await ending`commit`
    ending.release()
    expect((await first).value).toMatchObject({ status: 'received' })
    expect((await stream.next()).value).toMatchObject({ status: 'cancelled' })
    expect(await stream.next()).toMatchObject({ done: true })
  })

  test('begins at the beginning where it knows no such entry', async () => {
    const { order, actor } = await world.place()
    for (const lastEventId of ['nonsense', systemIds.next()]) {
      const first = await watch(actor, order.id, { lastEventId }).next()
      expect(first.value).toMatchObject({ status: 'received' })
    }
  })

  test('stops when the watcher leaves', async () => {
    const { order, actor } = await world.place()
    const leaving = new AbortController()
    const stream = watch(actor, order.id, { signal: leaving.signal })
    await stream.next()
    const waiting = stream.next()
    leaving.abort()
    expect((await waiting).done).toBe(true)
    expect(world.service.context.watchers.orderIds()).not.toContain(order.id)
  })
})
