import { describe, expect, test } from 'bun:test'
import { paymentStatuses, type PaymentStatus } from '@comptoir/contracts/payments/model'
import { samplePayment } from '../../tests/sample-payment.ts'
import { paymentView, stepsBetween, takesPayment } from './payment.ts'

const X = 'impossible'

const table: Record<PaymentStatus, Record<PaymentStatus, readonly PaymentStatus[] | typeof X>> = {
  open: {
    open: [],
    started: ['started'],
    authorized: ['started', 'authorized'],
    captured: ['started', 'authorized', 'captured'],
    refunded: ['started', 'authorized', 'captured', 'refunded'],
    cancelled: ['cancelled'],
  },
  started: {
    open: X,
    started: [],
    authorized: ['authorized'],
    captured: ['authorized', 'captured'],
    refunded: ['authorized', 'captured', 'refunded'],
    cancelled: ['cancelled'],
  },
  authorized: {
    open: X,
    started: X,
    authorized: [],
    captured: ['captured'],
    refunded: ['captured', 'refunded'],
    cancelled: ['cancelled'],
  },
  captured: { open: X, started: X, authorized: X, captured: [], refunded: ['refunded'], cancelled: X },
  refunded: { open: X, started: X, authorized: X, captured: [], refunded: [], cancelled: X },
  cancelled: {
    open: X,
    started: X,
    authorized: ['authorized'],
    captured: ['authorized', 'captured'],
    refunded: ['authorized', 'captured', 'refunded'],
    cancelled: [],
  },
}

describe('a payment goes only forwards', () => {
  const cells = paymentStatuses.flatMap((from) => paymentStatuses.map((to) => [from, to] as const))
  test.each(cells)('from %s to %s', (from, to) => {
    const steps = table[from][to]
    if (steps === X) expect(() => stepsBetween(from, to)).toThrow(`from ${from} to ${to}`)
    else expect(stepsBetween(from, to)).toEqual([...steps])
  })
})

test('takes payment until it is taken or the order is dead', () => {
  const taking = paymentStatuses.filter((status) => takesPayment(samplePayment({ status })))
  expect(taking).toEqual(['open', 'started', 'authorized'])
  expect(takesPayment(samplePayment({ orderCancelled: true }))).toBe(false)
})

test('shows no owner, no contact and no provider reference', () => {
  const shown = JSON.stringify(paymentView(samplePayment({ providerRef: 'pi_1' })))
  expect(shown).not.toContain('ada@example.com')
  expect(shown).not.toContain('pi_1')
})
