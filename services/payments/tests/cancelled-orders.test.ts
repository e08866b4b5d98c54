import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { paymentCancelled } from '@comptoir/contracts/payments/events'
import { guestActor } from '@comptoir/service-kit/testing/actors'
import { aKey, startPayments, until, type PaymentsUnderTest } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterEach(() => it.sandbox.clearFaults())
afterAll(() => it.stopAll())

describe('an order that is cancelled', () => {
  test('before it was paid or even heard of, takes no payment any more', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    await it.cancel(order)
    await it.reaches(order, 'cancelled')
    await it.tell(order)
    const refusal = await it
      .as(shopper)
      .startPayment({ orderId: order.id }, aKey())
      .catch((error) => error.code)
    expect(refusal).toBe('PAYMENT_CLOSED')
    expect((await it.sandbox.ledgerOf(order.id)).intents).toEqual([])
  })

  test('with an open payment closes it', async () => {
    const order = it.place(guestActor())
    await it.tell(order)
    await it.opened(order)
    await it.cancel(order)
    expect(await it.reaches(order, 'cancelled')).toMatchObject({ version: 1 })
  })

  test('with a started payment has its intent cancelled', async () => {
    const { order, pay } = await it.started()
    await it.cancel(order)
    await it.reaches(order, 'cancelled')
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      intents: [{ status: 'canceled' }],
      refunds: [],
    })
    expect((await pay()).status).toBe(400)
  })

  test('with an authorised payment has its hold let go', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.cancel(order)
    await it.reaches(order, 'cancelled')
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      authorizations: [{ open: false }],
      captures: [],
    })
    const late = await it.house.capturePayment({ orderId: order.id }).catch((error) => error.code)
    expect(late).toBe('PAYMENT_NOT_CAPTURABLE')
  })

  test('with a captured payment is refunded once', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    await it.cancel(order)
    const refunded = await it.reaches(order, 'refunded')
    expect(refunded).toMatchObject({ captured: { amountMinor: 2_500 }, refunded: { amountMinor: 2_500 } })
    await it.heardAll()
    expect((await it.sandbox.ledgerOf(order.id)).refunds).toHaveLength(1)
  })
})

/** Until payments has heard that the order was cancelled. */
const heardOf = ({ id }: { readonly id: string }) =>
  until(async () => {
    const rows = await it.sql`select 1 from payments where order_id = ${id} and order_cancelled`
    return rows.length === 1 ? true : undefined
  })

describe('money that arrives after the cancellation', () => {
  test('authorised before the provider heard of it, is let go once', async () => {
    const { order, pay } = await it.started()
    await it.sandbox.fault({ provider: 'stripe', operation: 'payment_intents.cancel', fail: 503, times: 2 })
    await it.cancel(order)
    await heardOf(order)
    await pay()
    await it.reaches(order, 'cancelled')
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      authorizations: [{ open: false }],
      captures: [],
    })
  })

  test('captured elsewhere, is refunded once', async () => {
    const { order, start, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.sandbox.fault({ provider: 'stripe', operation: 'payment_intents.cancel', fail: 503, times: 3 })
    await it.cancel(order)
    await heardOf(order)
    await it.sandbox.atDashboard(`payment_intents/${start.stripe?.paymentIntentId}/capture`)
    const refunded = await it.reaches(order, 'refunded')
    expect(refunded).toMatchObject({ status: 'refunded' })
    expect(it.told(order, 'captured')[0]?.data.settlesCancelled).toBe(true)
    await it.quiet(order)
    await it.heardAll()
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      captures: [{ amount: 2_500 }],
      refunds: [{ amount: 2_500 }],
    })
  })

  test('on an intent that came to be after the payment was closed, is let go once', async () => {
    const order = it.place(guestActor())
    await it.cancel(order)
    const { id } = await it.reaches(order, 'cancelled')
    await it.sandbox.atDashboard('payment_intents', {
      amount: '2500',
      currency: 'gbp',
      capture_method: 'manual',
      confirm: 'true',
      payment_method: 'pm_card_visa',
      'metadata[paymentId]': id,
      'metadata[orderId]': order.id,
    })
    await it.reaches(order, 'authorized')
    expect(it.told(order, 'authorized')[0]?.data.settlesCancelled).toBe(true)
    await it.probe.next(paymentCancelled, ({ data, version }) => data.orderId === order.id && version === 3)
    await it.quiet(order)
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      intents: [{ status: 'canceled' }],
      authorizations: [{ open: false }],
    })
  })
})
