import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Occurrence } from '@comptoir/contracts/event'
import type { OrderId } from '@comptoir/contracts/ids'
import type { Order } from '@comptoir/contracts/orders/model'
import { paymentCaptured } from '@comptoir/contracts/payments/events'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { provenStaffActor } from '@comptoir/service-kit/testing/actors'
import { systemIds } from '@comptoir/service-kit/ids'
import { onPaymentChanged } from '../src/consumers/payment-changed.ts'
import { onShipmentChanged } from '../src/consumers/shipment-changed.ts'
import { paymentNews, shipmentNews } from './heard-events.ts'
import { codeOf, startOrders } from './orders-under-test.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders({ steps: 'by hand' })
})
afterAll(() => world.service.stop())

const happenings = [
  'authorized',
  'captured',
  'planned',
  'dispatched',
  'delivered',
  'cancel',
  'prepare',
] as const
type Happening = (typeof happenings)[number]

/** Has an event heard without the inbox before it, so that the handler itself has to bear repetitions. */
const hear = (occurrence: Occurrence) =>
  world.service.context.transaction(async (tx) => {
    const about = { ctx: world.service.context, tx }
    const { version } = occurrence
    const id = systemIds.next()
    await (occurrence.event.aggregate === 'payment'
      ? onPaymentChanged({
          ...about,
          event: { id, version, data: paymentCaptured.data.parse(occurrence.data) },
        })
      : onShipmentChanged({
          ...about,
          event: { id, version, data: shipmentDispatched.data.parse(occurrence.data) },
        }))
  })

const happen = (order: Order, what: Happening): Promise<unknown> => {
  const staff = world.service.as(provenStaffActor())
  if (what === 'cancel') return codeOf(staff.cancelOrder({ orderId: order.id }))
  if (what === 'prepare') return codeOf(staff.prepareOrder({ orderId: order.id }))
  return hear(
    what === 'authorized' || what === 'captured' ? paymentNews(order, what) : shipmentNews(order, what),
  )
}

/** A permutation from a number, so that a failure names the one that failed (mulberry32). */
const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

const eventsOf = async (orderId: OrderId): Promise<string[]> => {
  const rows = await world.service.sql`
    select subject, aggregate_version from outbox where aggregate_id = ${orderId} order by aggregate_version`
  rows.forEach((row, index) => expect(row.aggregate_version).toBe(index + 1))
  return rows.map((row) => `order ${row.subject.split('.')[2]}`)
}

test('any order of everything, all of it twice and side by side, ends legally and tells each thing once', async () => {
  const live = async (seed: number) => {
    const { order } = await world.place()
    for (const what of shuffled([...happenings, ...happenings], seed)) {
      await Promise.all([happen(order, what), world.runDueSteps()])
    }
    await world.runDueSteps()
    const rows = await world.story(order.id)
    expect(new Set(rows).size, `seed ${seed}`).toBe(rows.length)
    expect(
      rows.filter((row) => row.startsWith('order ')),
      `seed ${seed}`,
    ).toEqual(await eventsOf(order.id))
    return rows.at(-1)
  }
  for (let seed = 0; seed < 40; seed += 4) {
    await Promise.all([live(seed), live(seed + 1), live(seed + 2), live(seed + 3)])
  }
})

test('payment and cancellation at the same moment leave one order, cancelled', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { order } = await world.place()
    await Promise.all([
      happen(order, 'captured'),
      happen(order, 'authorized'),
      happen(order, 'cancel'),
      world.runDueSteps(),
    ])
    await world.runDueSteps()
    const rows = await world.story(order.id)
    expect(rows.filter((row) => row === 'order cancelled')).toHaveLength(1)
    expect(rows.filter((row) => row.startsWith('order '))).toEqual(await eventsOf(order.id))
  }
})
