import { afterAll, beforeAll, expect, test } from 'bun:test'
import { stockChanged } from '@comptoir/contracts/catalog/events'
import { release, reserve } from '../src/db/reservations.ts'
import { type Catalog, first, imbalances, newOrder, oneOf, refusal, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const levelOf = async (variantId: Parameters<typeof oneOf>[0]) => {
  const { onHand, allocated } = await shop.staff.getStock({ variantId })
  return { onHand, allocated }
}

/** Until a statement waits for a row that another transaction holds. */
const somebodyWaits = async (): Promise<void> => {
  for (const until = performance.now() + 900; performance.now() < until; await Bun.sleep(5)) {
    const waiting = await shop.service.sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    if (waiting.length > 0) return
  }
  throw new Error('Nobody waits for a lock')
}

test('sells ten units to ten of two hundred who want one at once, and tells the others', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const attempts = Array.from({ length: 200 }, () =>
    shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId) }),
  )
  const results = await Promise.allSettled(attempts)
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  expect(refused).toHaveLength(190)
  for (const reason of refused) {
    expect(reason).toMatchObject({
      code: 'OUT_OF_STOCK',
      data: { lines: [{ variantId, requested: 1, available: 0 }] },
    })
  }
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 10 })
  expect([...(await imbalances(shop))]).toEqual([])
  const last = await shop.service.probe.next(
    stockChanged,
    ({ data }) => data.variantId === variantId && data.available === 0,
  )
  expect(last.version).toBe(11)
})

test('takes all lines or none, adds up the lines of a variant, and names every short one', async () => {
  const plenty = shop.variantOf(await shop.stocked(100))
  const few = shop.variantOf(await shop.stocked(3))
  const lines = [...oneOf(few, 2), ...oneOf(plenty, 5), ...oneOf(few, 2)]
  const { code, data } = await refusal(shop.orders.reserveStock({ orderId: newOrder(), lines }))
  expect(code).toBe('OUT_OF_STOCK')
  expect(data).toEqual({ lines: [{ variantId: few, requested: 4, available: 3 }] })
  expect(await levelOf(plenty)).toEqual({ onHand: 100, allocated: 0 })
})

test('an order that was short may come back when there is stock again', async () => {
  const variantId = shop.variantOf(await shop.stocked(0))
  const order = { orderId: newOrder(), lines: oneOf(variantId) }
  expect((await refusal(shop.orders.reserveStock(order))).code).toBe('OUT_OF_STOCK')
  await shop.staff.adjustStock(
    { variantId, kind: 'received', quantity: 1 },
    { idempotencyKey: crypto.randomUUID() },
  )
  expect(await shop.orders.reserveStock(order)).toMatchObject({ state: 'held' })
})

test('units that are given back while an order waits for them are its', async () => {
  const plenty = shop.variantOf(await shop.stocked(10))
  const last = shop.variantOf(await shop.stocked(1))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(last) })
  const released = Promise.withResolvers<void>()
  const waitedFor = Promise.withResolvers<void>()
  const giving = shop.service.context.transaction(async (tx) => {
    await release(tx, orderId)
    released.resolve()
    await waitedFor.promise
  })
  await released.promise
  const lines = [...oneOf(plenty), ...oneOf(last)]
  const taking = shop.orders.reserveStock({ orderId: newOrder(), lines })
  await somebodyWaits()
  waitedFor.resolve()
  await giving
  expect(await taking).toMatchObject({ state: 'held' })
  expect([await levelOf(plenty), await levelOf(last)]).toEqual([
    { onHand: 10, allocated: 1 },
    { onHand: 1, allocated: 1 },
  ])
})

test('orders with the same variants in opposite order never deadlock', async () => {
  const { context } = shop.service
  const a = shop.variantOf(await shop.stocked(1_000))
  const b = shop.variantOf(await shop.stocked(1_000))
  const there = [...oneOf(a), ...oneOf(b)]
  const back = there.toReversed()
  let started = 0
  const hold = (lines: typeof there) =>
    context.transaction((tx) => {
      // Counted inside: a deadlock would be retried by the transaction and hide.
      started += 1
      return reserve(tx, { orderId: newOrder(), lines, minutes: 15 })
    })
  await Promise.all(Array.from({ length: 100 }, (_, index) => hold(index % 2 === 0 ? there : back)))
  expect(started).toBe(100)
  expect(await levelOf(a)).toEqual({ onHand: 1_000, allocated: 100 })
})

test('repeating reserve and commit answers the same reservation and takes nothing twice', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const order = { orderId: newOrder(), lines: oneOf(variantId, 4) }
  const answers = await Promise.all(Array.from({ length: 5 }, () => shop.orders.reserveStock(order)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  const committed = await shop.orders.commitReservation({ orderId: order.orderId })
  expect(committed).toEqual({ ...first(answers), state: 'committed' })
  expect(await shop.orders.commitReservation({ orderId: order.orderId })).toEqual(committed)
  expect(await shop.orders.reserveStock(order)).toEqual(committed)
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 4 })
})

test('releases once, also what was committed', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  await shop.orders.commitReservation({ orderId })
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'released' })
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'released' })
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 0 })
})

test('a release that comes before the reserve shuts the door for it', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const orderId = newOrder()
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'none' })
  expect((await refusal(shop.orders.reserveStock({ orderId, lines: oneOf(variantId) }))).code).toBe(
    'RESERVATION_CLOSED',
  )
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 0 })
})

test('reserve and release at once leave nothing held, whoever is first', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const orders = Array.from({ length: 30 }, newOrder)
  await Promise.allSettled(
    orders.flatMap((orderId) => [
      shop.orders.reserveStock({ orderId, lines: oneOf(variantId) }),
      shop.orders.releaseReservation({ orderId }),
    ]),
  )
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 0 })
})

test('gives the units of a hold back when its time is over, by the clock of the database', async () => {
  const variantId = shop.variantOf(await shop.stocked(10))
  const due = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 3) })
  await shop.makeDue(due.orderId)
  await shop.expire()
  expect(await levelOf(variantId)).toEqual({ onHand: 10, allocated: 3 })
  const again = shop.orders.reserveStock({ orderId: due.orderId, lines: oneOf(variantId, 4) })
  expect((await refusal(again)).code).toBe('RESERVATION_CLOSED')
})

test('a commit that comes after the expiry takes the units again, if they are still there', async () => {
  const variantId = shop.variantOf(await shop.stocked(5))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  await shop.makeDue(orderId)
  await shop.expire()
  const rival = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 2) })
  const { code, data } = await refusal(shop.orders.commitReservation({ orderId }))
  expect({ code, data }).toEqual({
    code: 'OUT_OF_STOCK',
    data: { lines: [{ variantId, requested: 4, available: 3 }] },
  })
  await shop.orders.releaseReservation({ orderId: rival.orderId })
  expect(await shop.orders.commitReservation({ orderId })).toMatchObject({ state: 'committed' })
  expect(await levelOf(variantId)).toEqual({ onHand: 5, allocated: 4 })
})

test('an order that was released after its hold expired cannot take the units again', async () => {
  const variantId = shop.variantOf(await shop.stocked(5))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  await shop.makeDue(orderId)
  await shop.expire()
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'expired' })
  expect((await refusal(shop.orders.commitReservation({ orderId }))).code).toBe('RESERVATION_CLOSED')
})

test('a committed hold never expires', async () => {
  const variantId = shop.variantOf(await shop.stocked(5))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  await shop.orders.commitReservation({ orderId })
  await shop.makeDue(orderId)
  await shop.expire()
  expect(await levelOf(variantId)).toEqual({ onHand: 5, allocated: 4 })
})

test('corrects the count, but never below what orders were promised', async () => {
  const variantId = shop.variantOf(await shop.stocked(5))
  await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 4) })
  const count = (quantity: number, kind: 'received' | 'adjusted') =>
    shop.staff.adjustStock({ variantId, kind, quantity }, { idempotencyKey: crypto.randomUUID() })
  expect(await count(-1, 'adjusted')).toMatchObject({ onHand: 4, allocated: 4, available: 0 })
  expect((await refusal(count(-1, 'adjusted'))).code).toBe('STOCK_INSUFFICIENT')
  expect((await refusal(count(-1, 'received'))).code).toBe('INVALID_INPUT')
  expect(await count(6, 'received')).toMatchObject({ onHand: 10, available: 6 })
  expect([...(await imbalances(shop))]).toEqual([])
})
