import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { payments } from '@comptoir/contracts/payments/procedures'
import { customerActor, guestActor, provenActor } from '@comptoir/service-kit/testing/actors'
import { systemIds } from '@comptoir/service-kit/ids'
import type { OrderId } from '@comptoir/contracts/ids'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { aKey, startPayments, type PaymentsUnderTest } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterEach(() => it.sandbox.clearFaults())
afterAll(() => it.stopAll())

const { expectRefusal, unseen } = refusals(payments)
const down = () => it.sandbox.fault({ provider: 'stripe', operation: '*', fail: 503, times: 1_000 })

describe('startPayment refuses', () => {
  const start = (actor: ReturnType<typeof guestActor>, orderId: OrderId) =>
    it.as(actor).startPayment({ orderId }, aKey())

  test('an order that does not exist: ORDER_NOT_FOUND', async () => {
    await expectRefusal(start(guestActor(), systemIds.next<OrderId>()), 'startPayment', 'ORDER_NOT_FOUND')
  })

  test('another’s order, whether its event has come or not: ORDER_NOT_FOUND', async () => {
    const order = it.place(guestActor())
    await expectRefusal(start(customerActor(), order.id), 'startPayment', 'ORDER_NOT_FOUND')
    await it.tell(order)
    await it.opened(order)
    await expectRefusal(start(customerActor(), order.id), 'startPayment', 'ORDER_NOT_FOUND')
  })

  test('an order that was paid or cancelled: PAYMENT_CLOSED', async () => {
    const { shopper, order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    await expectRefusal(start(shopper, order.id), 'startPayment', 'PAYMENT_CLOSED')
    await it.cancel(order)
    await it.reaches(order, 'refunded')
    await expectRefusal(start(shopper, order.id), 'startPayment', 'PAYMENT_CLOSED')
  })

  test('while the provider is away: PROVIDER_UNAVAILABLE, and goes on when it is back', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    const key = aKey()
    await down()
    const started = () => it.as(shopper).startPayment({ orderId: order.id }, key)
    await expectRefusal(started(), 'startPayment', 'PROVIDER_UNAVAILABLE')
    await it.sandbox.clearFaults()
    expect((await started()).payment.status).toBe('started')
  })

  test('to run without an Idempotency-Key', async () => {
    const order = it.place(guestActor())
    await expectRefusal(
      it.as(guestActor()).startPayment({ orderId: order.id }),
      'startPayment',
      'IDEMPOTENCY_KEY_REQUIRED',
    )
  })
})

describe('getPayment refuses', () => {
  test('another’s payment as if there were none: PAYMENT_NOT_FOUND', async () => {
    const { order } = await it.started()
    await expectRefusal(
      it.as(guestActor()).getPayment({ orderId: order.id }),
      'getPayment',
      'PAYMENT_NOT_FOUND',
    )
    const nothing = it.as(guestActor()).getPayment({ orderId: systemIds.next<OrderId>() })
    await expectRefusal(nothing, 'getPayment', 'PAYMENT_NOT_FOUND')
  })
})

describe('capturePayment refuses', () => {
  const capture = (orderId: OrderId) => it.house.capturePayment({ orderId })

  test('an order without a payment: PAYMENT_NOT_FOUND', async () => {
    await expectRefusal(capture(systemIds.next<OrderId>()), 'capturePayment', 'PAYMENT_NOT_FOUND')
  })

  test('what was not authorised: PAYMENT_NOT_CAPTURABLE', async () => {
    const { order } = await it.started()
    await expectRefusal(capture(order.id), 'capturePayment', 'PAYMENT_NOT_CAPTURABLE')
  })

  test('a hold that lapsed meanwhile: PAYMENT_NOT_CAPTURABLE', async () => {
    const { order, start, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.sandbox.aimWebhooks(null)
    await it.sandbox.ask('POST', `/sandbox/stripe/${start.stripe?.paymentIntentId}/expire`, {})
    await expectRefusal(capture(order.id), 'capturePayment', 'PAYMENT_NOT_CAPTURABLE')
    await it.sandbox.aimWebhooks(it.gateway.url)
    await it.reaches(order, 'cancelled')
  })

  test('while the provider is away: PROVIDER_UNAVAILABLE', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await down()
    await expectRefusal(capture(order.id), 'capturePayment', 'PROVIDER_UNAVAILABLE')
  })

  test('everybody but services', async () => {
    const { shopper, order } = await it.started()
    await expectRefusal(it.as(shopper).capturePayment({ orderId: order.id }), 'capturePayment', 'NOT_FOUND')
  })
})

test('exportPayments refuses a cursor of another list: CURSOR_INVALID', async () => {
  const asked = it.as(provenActor()).exportPayments({ cursor: 'bm9uc2Vuc2U' })
  await expectRefusal(asked, 'exportPayments', 'CURSOR_INVALID')
})

test('receiveWebhook refuses a signature that does not fit: WEBHOOK_SIGNATURE_INVALID', async () => {
  const forged = it.house.receiveWebhook({ body: '{}', headers: { 'stripe-signature': 't=1,v1=00' } })
  await expectRefusal(forged, 'receiveWebhook', 'WEBHOOK_SIGNATURE_INVALID')
})

test('every declared error has been seen', () => {
  expect(unseen()).toEqual([])
})
