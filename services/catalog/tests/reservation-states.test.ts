import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ReservationState } from '@comptoir/contracts/catalog/model'
import type { OrderId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { release, ship } from '../src/db/reservations.ts'
import { transitions } from '../src/domain/reservation.ts'
import { type Catalog, imbalances, newOrder, oneOf, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const inTransaction = (work: (tx: Transaction, orderId: OrderId) => Promise<unknown>) => (orderId: OrderId) =>
  shop.service.context.transaction((tx) => work(tx, orderId))

const commands = {
  commit: (orderId: OrderId) => shop.orders.commitReservation({ orderId }),
  release: inTransaction(release),
  expire: async (orderId: OrderId) => {
    await shop.makeDue(orderId)
    await shop.expire()
  },
  ship: inTransaction(ship),
}
type Command = keyof typeof commands

/** The commands that lead a new hold into each state. */
const ways: Record<ReservationState, readonly Command[]> = {
  held: [],
  committed: ['commit'],
  released: ['release'],
  expired: ['expire'],
  shipped: ['commit', 'ship'],
}

/** What each command makes of each state; whatever is not named stays as it is. */
const outcomes: Record<Command, Partial<Record<ReservationState, ReservationState>>> = {
  commit: { held: 'committed', expired: 'committed' },
  release: { held: 'released', committed: 'released', expired: 'released' },
  expire: { held: 'expired' },
  ship: { committed: 'shipped' },
}

const cells = ReservationState.options.flatMap((state) =>
  (['commit', 'release', 'expire', 'ship'] as const).map((command) => ({ state, command })),
)

test.each(cells)('$command on $state', async ({ state, command }) => {
  const variantId = shop.variantOf(await shop.stocked(5))
  const { orderId } = await shop.orders.reserveStock({ orderId: newOrder(), lines: oneOf(variantId, 2) })
  for (const step of ways[state]) await commands[step](orderId)
  await commands[command](orderId).catch((error: unknown) =>
    expect(error).toMatchObject({ code: 'RESERVATION_CLOSED' }),
  )

  const expected = outcomes[command][state] ?? state
  const [row] = await shop.service.sql`select state from reservations where order_id = ${orderId}`
  expect(row?.['state']).toBe(expected)
  const legal: readonly ReservationState[] = transitions[state]
  expect(expected === state || legal.includes(expected)).toBe(true)
  const open = expected === 'held' || expected === 'committed'
  const left = expected === 'shipped' ? 3 : 5
  expect(await shop.staff.getStock({ variantId })).toMatchObject({ onHand: left, allocated: open ? 2 : 0 })
  expect([...(await imbalances(shop))]).toEqual([])
})

test('the table of transitions says neither more nor less than the commands do', () => {
  const reached = ReservationState.options.map((state) => {
    const next = Object.values(outcomes).flatMap((outcome) => outcome[state] ?? [])
    return [state, next.toSorted()]
  })
  expect(Object.fromEntries(reached)).toEqual(
    Object.fromEntries(Object.entries(transitions).map(([state, next]) => [state, [...next].toSorted()])),
  )
})
