import { describe, expect, test } from 'bun:test'
import type { PaymentState } from '@comptoir/contracts/orders/model'
import { sampleOrder } from '../../tests/sample-order.ts'
import { attentions } from './attention.ts'
import { type By, cancel } from './order.ts'
import { deliveryChanged, paymentChanged, paymentStateOf } from './projections.ts'

const by: By = { at: '2026-11-01T11:00:00.000Z', actor: 'system', eventId: 'e1' }
const price = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const payment = (
  status: Parameters<typeof paymentStateOf>[0]['status'],
  amounts: { captured?: number; refunded?: number; failure?: string } = {},
) => ({
  status,
  captured: price(amounts.captured ?? 0),
  refunded: price(amounts.refunded ?? 0),
  failure: amounts.failure ?? null,
})

describe('what a payment means for its order', () => {
  const cases: [string, ReturnType<typeof payment>, PaymentState][] = [
    ['open', payment('open'), 'unpaid'],
    ['declined', payment('started', { failure: 'card_declined' }), 'failed'],
    ['authorised', payment('authorized'), 'authorized'],
    ['authorised after a decline', payment('authorized', { failure: 'card_declined' }), 'authorized'],
    ['captured', payment('captured', { captured: 1395 }), 'paid'],
    ['captured, of nothing', payment('captured'), 'paid'],
    ['partly refunded', payment('captured', { captured: 1395, refunded: 1 }), 'partially_refunded'],
    ['refunded', payment('refunded', { captured: 1395, refunded: 1395 }), 'refunded'],
    ['voided', payment('cancelled'), 'unpaid'],
  ]
  for (const [name, facts, state] of cases) {
    test(`${name} is ${state}`, () => expect(paymentStateOf(facts)).toBe(state))
  }
})

test('an event that is not newer than the last one heard says nothing', () => {
  const order = sampleOrder({ paymentVersion: 3, deliveryVersion: 3 })
  for (const version of [1, 2, 3]) {
    expect(paymentChanged(order, { version, facts: payment('authorized') }, by)).toBeUndefined()
    expect(deliveryChanged(order, { version, status: 'planned' }, by)).toBeUndefined()
  }
})

test('a payment’s news gives one row, with the reason of a decline, and none when nothing changed', () => {
  const facts = payment('started', { failure: 'card_declined' })
  const first = paymentChanged(sampleOrder(), { version: 2, facts }, by)
  expect(first?.history).toEqual([
    {
      kind: 'payment',
      status: 'failed',
      actor: 'system',
      reason: 'card_declined',
      at: by.at,
      eventId: 'e1',
    },
  ])
  const again = first && paymentChanged(first.next, { version: 3, facts }, by)
  expect(again?.history).toEqual([])
  expect(again?.next.paymentVersion).toBe(3)
})

test('an amount that the provider disagrees about calls a person', () => {
  const facts = payment('started', { failure: 'AMOUNT_MISMATCH' })
  expect(paymentChanged(sampleOrder(), { version: 2, facts }, by)?.next).toMatchObject({
    paymentStatus: 'failed',
    attention: attentions.amountMismatch,
  })
})

test('money that goes back before the parcel leaves calls a person, until the order is cancelled', () => {
  const facts = payment('refunded', { captured: 1395, refunded: 1395 })
  const told = (order: Parameters<typeof sampleOrder>[0]) =>
    paymentChanged(sampleOrder({ paymentStatus: 'paid', ...order }), { version: 2, facts }, by)?.next
  for (const status of ['confirmed', 'prepared'] as const) {
    const worried = told({ status })
    expect(worried?.attention).toBe(attentions.moneyGivenBack)
    expect(worried && cancel(worried, 'staff', by).next.attention).toBeNull()
  }
  for (const status of ['received', 'shipped', 'delivered', 'cancelled'] as const) {
    expect(told({ status })?.attention).toBeNull()
  }
  const part = payment('captured', { captured: 1395, refunded: 1 })
  const order = sampleOrder({ status: 'confirmed', paymentStatus: 'paid' })
  expect(paymentChanged(order, { version: 2, facts: part }, by)?.next.attention).toBeNull()
})

test('money that is only authorised after the cancellation leaves the order as it is', () => {
  const order = sampleOrder({ status: 'cancelled' })
  expect(paymentChanged(order, { version: 2, facts: payment('authorized') }, by)).toMatchObject({
    next: { paymentStatus: 'unpaid', paymentVersion: 2 },
    history: [],
  })
  const captured = payment('captured', { captured: 1395 })
  expect(paymentChanged(order, { version: 3, facts: captured }, by)?.next.paymentStatus).toBe('paid')
})

test('money is back when payments has let go of it or given it back, until more of it comes', () => {
  const order = sampleOrder({ status: 'cancelled' })
  const told = (facts: Parameters<typeof paymentStateOf>[0], from = order) =>
    paymentChanged(from, { version: from.paymentVersion + 1, facts }, by)?.next.moneyReturned
  expect(told(payment('started'))).toBe(false)
  expect(told(payment('captured', { captured: 1395, refunded: 1 }))).toBe(false)
  expect(told(payment('cancelled'))).toBe(true)
  expect(told(payment('refunded', { captured: 1395, refunded: 1395 }))).toBe(true)
  expect(told(payment('authorized'), sampleOrder({ status: 'cancelled', moneyReturned: true }))).toBe(false)
})

describe('a shipment', () => {
  const hear = (status: Parameters<typeof deliveryChanged>[1]['status'], order = sampleOrder()) => {
    const change = deliveryChanged(order, { version: 9, status }, by)
    return {
      status: change?.next.status,
      attention: change?.next.attention,
      rows: change?.history.map((row) => `${row.kind} ${row.status}`),
      versions: change?.events.map((event) => event.version),
    }
  }
  const prepared = sampleOrder({ status: 'prepared', version: 3 })

  test('that leaves ships the order', () => {
    expect(hear('dispatched', prepared)).toEqual({
      status: 'shipped',
      attention: null,
      rows: ['delivery dispatched', 'order shipped'],
      versions: [4],
    })
  })
  test('that is on its way has left', () => expect(hear('in_transit', prepared).status).toBe('shipped'))
  test('that was delivered before it was heard to leave walks through both', () => {
    expect(hear('delivered', prepared)).toEqual({
      status: 'delivered',
      attention: null,
      rows: ['delivery delivered', 'order shipped', 'order delivered'],
      versions: [4, 5],
    })
  })
  test('that leaves unprepared moves nothing and calls a person', () => {
    for (const status of ['received', 'confirmed', 'cancelled'] as const) {
      for (const news of ['dispatched', 'delivered'] as const) {
        const heard = hear(news, sampleOrder({ status }))
        expect(heard).toMatchObject({ status, attention: attentions.leftUnprepared, versions: [] })
      }
    }
  })
  test('that failed before it was heard to leave has left all the same', () => {
    expect(hear('failed', prepared)).toEqual({
      status: 'shipped',
      attention: attentions.deliveryFailed,
      rows: ['delivery failed', 'order shipped'],
      versions: [4],
    })
  })
  test('that leaves puts an end to a cancellation that could not be made', () => {
    const worried = { ...prepared, attention: attentions.notCancelled }
    expect(hear('dispatched', worried)).toMatchObject({ status: 'shipped', attention: null })
  })
  test('that fails calls a person, and is at rest once it arrives', () => {
    const shipped = sampleOrder({ status: 'shipped' })
    expect(hear('failed', shipped).attention).toBe(attentions.deliveryFailed)
    const failed = { ...shipped, attention: attentions.deliveryFailed }
    expect(hear('delivered', failed)).toMatchObject({ status: 'delivered', attention: null })
  })
  test('that is cancelled under a live order calls a person', () => {
    expect(hear('cancelled', prepared).attention).toBe(attentions.shipmentCancelled)
    expect(hear('cancelled', sampleOrder({ status: 'cancelled' })).attention).toBeNull()
  })
})
