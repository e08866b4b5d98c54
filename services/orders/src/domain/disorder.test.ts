import { expect, test } from 'bun:test'
import type { Occurrence } from '@comptoir/contracts/event'
import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import type { Payment } from '@comptoir/contracts/payments/model'
import { type PaymentNews, paymentNews, shipmentNews } from '../../tests/heard-events.ts'
import { sampleOrder } from '../../tests/sample-order.ts'
import {
  allows,
  type By,
  type Change,
  cancel,
  confirm,
  followedBy,
  type OrderState,
  prepare,
} from './order.ts'
import { deliveryChanged, paymentChanged } from './projections.ts'
import { firstSteps, progress, type Steps } from './steps.ts'

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

interface World {
  order: OrderState
  steps: Steps
  rows: string[]
  events: Occurrence[]
}

const by: By = { at: '2026-11-01T11:00:00.000Z', actor: 'system' }

/** What the service does with a change, without a database; commit-stock succeeds at once, and only news end capture-payment. */
const apply = (world: World, change: Change | undefined): void => {
  if (change === undefined) return
  const { moves, outcome } = progress(change.next, world.steps)
  const whole =
    world.order.status === 'received' && outcome === 'confirm'
      ? followedBy(change, (next) => confirm(next, by))
      : change
  world.steps = { ...world.steps, ...Object.fromEntries(moves.map(({ name, to }) => [name, to])) }
  world.order = whole.next
  world.rows.push(...whole.history.map((row) => `${row.kind} ${row.status}`))
  world.events.push(...whole.events)
  if (world.steps['commit-stock'] !== 'ready') return
  world.steps = { ...world.steps, 'commit-stock': 'done' }
  apply(world, { next: world.order, history: [], events: [] })
}

const happen = (order: OrderState, what: Happening): Change | undefined => {
  if (what === 'cancel') return allows(order.status, 'cancelled') ? cancel(order, 'customer', by) : undefined
  if (what === 'prepare') return allows(order.status, 'prepared') ? prepare(order, by) : undefined
  if (what === 'authorized' || what === 'captured') return pay(order, what)
  return deliver(order, what)
}

const pay = (order: OrderState, news: PaymentNews): Change | undefined => {
  const { version, data } = paymentNews(order, news)
  return paymentChanged(order, { version, facts: data as Payment }, by)
}

const deliver = (order: OrderState, status: ShipmentStatus): Change | undefined =>
  deliveryChanged(order, { version: shipmentNews(order, status).version, status }, by)

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))

const live = (order: readonly Happening[]): World => {
  const world: World = { order: sampleOrder(), steps: firstSteps, rows: ['order received'], events: [] }
  for (const what of order) apply(world, happen(world.order, what))
  return world
}

test('every order of payment, parcel, preparing and cancelling, all of it twice, ends legally and tells each thing once', () => {
  for (const order of permutations(happenings)) {
    for (const doubled of [order.flatMap((what) => [what, what]), [...order, ...order]]) {
      const { order: end, rows, events } = live(doubled)
      const story = doubled.join(' ')
      expect(new Set(rows).size, story).toBe(rows.length)
      expect(
        events.map((event) => event.version),
        story,
      ).toEqual(events.map((_, index) => index + 2))
      expect(rows.filter((row) => row.startsWith('order ')).length, story).toBe(events.length + 1)
      // Said twice, the cancellation always finds an order that can still be cancelled or one that has left.
      expect(['cancelled', 'shipped', 'delivered'], story).toContain(end.status)
      if (rows.includes('order confirmed')) expect(rows, story).toContain('payment paid')
      if (rows.includes('order shipped')) expect(rows, story).toContain('order prepared')
    }
  }
})

test('the purchase as it should be ends delivered', () => {
  const { rows, order } = live(['authorized', 'captured', 'planned', 'prepare', 'dispatched', 'delivered'])
  expect(order.attention).toBeNull()
  expect(rows).toEqual([
    'order received',
    'payment authorized',
    'payment paid',
    'order confirmed',
    'delivery planned',
    'order prepared',
    'delivery dispatched',
    'order shipped',
    'delivery delivered',
    'order delivered',
  ])
})
