import { describe, expect, test } from 'bun:test'
import type { Occurrence } from '@comptoir/contracts/event'
import { histories, movement, samplePayment, snapshotWith } from '../../tests/sample-payment.ts'
import { applySnapshot } from './apply-snapshot.ts'
import { cancelOrder } from './cancel-order.ts'
import { fold } from './fold.ts'
import type { Booking } from './ledger.ts'
import { eventIdOf, type Movement } from './movement.ts'
import type { PaymentRecord } from './payment.ts'
import type { ProviderSnapshot } from './snapshot.ts'

type Heard = ProviderSnapshot | 'order cancelled'

interface Run {
  payment: PaymentRecord
  log: Movement[]
  bookings: Booking[]
  occurrences: Occurrence[]
}

const hear = (heard: readonly Heard[], first = samplePayment()): Run => {
  const run: Run = { payment: first, log: [], bookings: [], occurrences: [] }
  for (const one of heard) {
    const advanced =
      one === 'order cancelled'
        ? cancelOrder(run.payment, run.log, new Date('2026-01-05T10:05:00Z'))
        : applySnapshot(run.payment, run.log, one)
    run.payment = advanced.next
    run.log.push(...advanced.appended)
    run.bookings.push(...advanced.bookings)
    run.occurrences.push(...advanced.occurrences)
  }
  return run
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))

const balances = (bookings: readonly Booking[]) => {
  const accounts: Record<string, number> = {}
  for (const { account, amountMinor } of bookings.flat())
    accounts[account] = (accounts[account] ?? 0) + amountMinor
  return Object.fromEntries(Object.entries(accounts).filter(([, amount]) => amount !== 0))
}

const endOf = ({ payment, log, bookings }: Run) => {
  const { version: _, refundToldMinor: _told, ...end } = payment
  return { ...end, log: log.map(eventIdOf).toSorted(), ledger: balances(bookings) }
}

const subjects = (run: Run) => run.occurrences.map(({ event }) => event.subject.split('.')[2])

describe.each(Object.entries(histories))('a payment that was %s', (_name, history) => {
  const orders = permutations(history)

  test('ends the same in every order of snapshots, each heard twice', () => {
    const expected = endOf(hear(history))
    for (const order of orders) {
      expect(endOf(hear(order))).toEqual(expected)
      expect(endOf(hear([...order, ...order.toReversed()]))).toEqual(expected)
      expect(endOf(hear(order.flatMap((snapshot) => [snapshot, snapshot])))).toEqual(expected)
    }
  })

  test('tells every change once, with versions that leave no gap', () => {
    for (const order of orders) {
      const { payment, occurrences } = hear([...order, ...order])
      expect(occurrences.map(({ version }) => version)).toEqual(occurrences.map((_, index) => index + 1))
      expect(payment.version).toBe(occurrences.length)
      for (const { event, data } of occurrences) expect(event.data.safeParse(data).success).toBe(true)
    }
  })

  test('is booked in entries that add up to zero', () => {
    for (const order of orders) {
      for (const booking of hear(order).bookings) {
        expect(booking.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0)
      }
    }
  })

  test('holds what a fold of its log gives', () => {
    for (const order of orders) {
      const { payment, log } = hear(order)
      expect(payment).toMatchObject({ status: fold(log, payment.providerRef).status })
    }
  })
})

describe('an order that is cancelled at any moment', () => {
  const settled = [
    'voided unpaid',
    'voided authorized',
    'refunded slowly',
    'a refund came back and was made again',
  ]

  test.each(settled)('ends the same when it was %s', (name) => {
    const history = histories[name] ?? []
    const { log: _, ...expected } = endOf(hear([...history, 'order cancelled']))
    for (const order of permutations<Heard>([...history, 'order cancelled'])) {
      expect(endOf(hear(order))).toMatchObject(expected)
    }
  })

  test('closes a payment that was never started', () => {
    const run = hear(['order cancelled'])
    expect(run.payment.status).toBe('cancelled')
    expect(subjects(run)).toEqual(['cancelled'])
  })

  test('tells late money with the note that nobody else should act on it', () => {
    const run = hear(['order cancelled', ...(histories['captured'] ?? [])])
    expect(subjects(run)).toEqual(['cancelled', 'authorized', 'captured'])
    expect(
      run.occurrences.every(({ data }) => (data as { settlesCancelled: boolean }).settlesCancelled),
    ).toBe(true)
  })
})

describe('what was not heard one by one is told one by one', () => {
  const authorized = movement('pi_1', 'authorization')
  const captured = movement('ch_1', 'capture')
  const refunded = movement('re_1', 'refund')

  test('from nothing to refunded', () => {
    const run = hear([snapshotWith([authorized, captured, refunded])])
    expect(subjects(run)).toEqual(['started', 'authorized', 'captured', 'refunded'])
    expect(run.occurrences.map(({ data }) => data)).toMatchObject([
      { status: 'started', authorized: { amountMinor: 0 }, captured: { amountMinor: 0 } },
      { status: 'authorized', authorized: { amountMinor: 2_500 }, captured: { amountMinor: 0 } },
      { status: 'captured', captured: { amountMinor: 2_500 }, refunded: { amountMinor: 0 } },
      { status: 'refunded', captured: { amountMinor: 2_500 }, refunded: { amountMinor: 2_500 } },
    ])
  })

  test('a part that was given back', () => {
    const part = movement('re_1', 'refund', { amountMinor: 900 })
    const run = hear([snapshotWith([authorized, captured]), snapshotWith([authorized, captured, part])])
    expect(subjects(run)).toEqual(['started', 'authorized', 'captured', 'refunded'])
    expect(run.occurrences.at(-1)?.data).toMatchObject({ status: 'captured', refunded: { amountMinor: 900 } })
  })

  test('a refund that came back and was made again, once', () => {
    const run = hear(histories['a refund came back and was made again'] ?? [])
    expect(subjects(run)).toEqual(['started', 'authorized', 'captured', 'refunded'])
    expect(run.payment.status).toBe('refunded')
  })

  test('a hold that was let go before anybody heard of it', () => {
    expect(subjects(hear([snapshotWith([authorized, movement('pi_1', 'void')])]))).toEqual(['cancelled'])
  })

  test('each decline, with the last one’s reason', () => {
    const run = hear(histories['declined twice'] ?? [])
    expect(subjects(run)).toEqual(['started', 'failed', 'failed'])
    expect(run.payment.failure).toBe('GENERIC_DECLINE')
  })
})

describe('what does not fit', () => {
  const authorized = movement('pi_1', 'authorization')

  test.each([{ amountMinor: 2_501 }, { currency: 'EUR' }])('%o parks the payment', (given) => {
    const run = hear([snapshotWith([]), snapshotWith([authorized], given)])
    expect(run.payment).toMatchObject({ status: 'started', authorizedMinor: 0, failure: 'AMOUNT_MISMATCH' })
    expect(subjects(run)).toEqual(['started', 'failed'])
  })

  test('a capture of more than the payment parks it', () => {
    const run = hear([snapshotWith([authorized, movement('ch_1', 'capture', { amountMinor: 2_600 })])])
    expect(run.payment).toMatchObject({ capturedMinor: 0, failure: 'AMOUNT_MISMATCH' })
  })

  test('another payment’s intent is refused', () => {
    expect(() => hear([snapshotWith([], { paymentId: 'another' })])).toThrow('another payment')
  })

  test('a second intent of the same payment is refused', () => {
    expect(() => hear([snapshotWith([]), snapshotWith([], { ref: 'pi_2' })])).toThrow('another payment')
  })
})
