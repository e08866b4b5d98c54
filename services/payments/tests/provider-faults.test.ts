import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { guestActor } from '@comptoir/service-kit/testing/actors'
import { reconcile } from '../src/workers/reconcile.ts'
import { aKey, startPayments, until, type PaymentsUnderTest, type Started } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments({ providerTimeoutMs: 1_000 })
})
afterEach(() => it.sandbox.clearFaults())
afterAll(() => it.stopAll())

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: { code: string }) => error.code)

const authorized = async (): Promise<Started> => {
  const started = await it.started()
  await started.pay()
  await it.reaches(started.order, 'authorized')
  return started
}

const fault = (operation: string, rule: Record<string, unknown>) =>
  it.sandbox.fault({ provider: 'stripe', operation, times: 1, ...rule })

describe('an answer that is lost after the effect', () => {
  const losses: [string, Record<string, unknown>][] = [
    ['500, kept under the key', { failAfterEffect: 500 }],
    ['500 on the way', { failAfterEffect: 500, stores: 'answer' }],
    ['a connection that breaks', { dropAnswer: true }],
  ]

  test.each(losses)('leaves one intent: %s', async (_name, rule) => {
    await fault('payment_intents.create', rule)
    const { order } = await it.started()
    expect((await it.sandbox.ledgerOf(order.id)).intents).toHaveLength(1)
  })

  test.each(losses)('takes the money once: %s', async (_name, rule) => {
    const { order } = await authorized()
    await fault('payment_intents.capture', rule)
    expect(await it.house.capturePayment({ orderId: order.id })).toMatchObject({ status: 'captured' })
    expect((await it.sandbox.ledgerOf(order.id)).captures).toHaveLength(1)
  })

  test.each(losses)('gives the money back once: %s', async (_name, rule) => {
    const { order } = await authorized()
    await it.house.capturePayment({ orderId: order.id })
    await fault('refunds.create', rule)
    await it.cancel(order)
    await it.reaches(order, 'refunded')
    await it.quiet(order)
    expect((await it.sandbox.ledgerOf(order.id)).refunds).toHaveLength(1)
  })
})

describe('a call that takes too long', () => {
  test('to start a payment leaves one intent, whoever repeats it', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    await fault('payment_intents.create', { delayMs: 3_000 })
    const start = () => it.as(shopper).startPayment({ orderId: order.id }, aKey())
    expect(await codeOf(start())).toBe('PROVIDER_UNAVAILABLE')
    const made = await until(async () => (await it.sandbox.ledgerOf(order.id)).intents[0])
    const started = await start()
    await it.quiet(order)
    const { intents } = await it.sandbox.ledgerOf(order.id)
    expect(intents.map(({ id }) => id)).toEqual([made.id])
    expect(started.stripe?.paymentIntentId).toBe(made.id)
  })

  test('is repeated with the same key until its outcome is known', async () => {
    const { order } = await authorized()
    await fault('payment_intents.capture', { delayMs: 3_000 })
    expect(await codeOf(it.house.capturePayment({ orderId: order.id }))).toBe('PROVIDER_UNAVAILABLE')
    await it.reaches(order, 'captured')
    await it.quiet(order)
    const operations = await it.sql`
      select o.name, o.attempt, o.state from payment_operations o join payments p on p.id = o.payment_id
      where p.order_id = ${order.id} and o.name = 'capture'`
    expect([...operations]).toEqual([{ name: 'capture', attempt: 1, state: 'succeeded' }])
    expect((await it.sandbox.ledgerOf(order.id)).captures).toHaveLength(1)
  })
})

describe('a failure without effect', () => {
  test('of a capture is proven dead, and the next attempt follows by itself', async () => {
    const { order } = await authorized()
    await fault('payment_intents.capture', { fail: 500 })
    expect(await codeOf(it.house.capturePayment({ orderId: order.id }))).toBe('PROVIDER_UNAVAILABLE')
    await it.reaches(order, 'captured')
    await it.quiet(order)
    expect((await it.sandbox.ledgerOf(order.id)).captures).toHaveLength(1)
  })

  test('of a start is got over by trying again, also with the same Idempotency-Key', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    const key = aKey()
    await fault('payment_intents.create', { fail: 500 })
    const start = () =>
      it
        .as(shopper)
        .startPayment({ orderId: order.id }, key)
        .catch(() => undefined)
    expect(await start()).toBeUndefined()
    const started = await until(start)
    expect(started.stripe?.clientSecret).toContain('_secret_')
    expect(await it.as(shopper).startPayment({ orderId: order.id }, key)).toEqual(started)
    expect((await it.sandbox.ledgerOf(order.id)).intents).toHaveLength(1)
  })
})

describe('an operation whose key the provider has forgotten', () => {
  const age = (orderId: string) => it.sql`
    update payment_operations set requested_at = requested_at - interval '21 hours', run_at = now()
    where payment_id in (select id from payments where order_id = ${orderId})`

  test('is not repeated: its effect is found by asking', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    await fault('payment_intents.create', { failAfterEffect: 500 })
    await fault('payment_intents.list', { fail: 503, times: 100 })
    expect(await codeOf(it.as(shopper).startPayment({ orderId: order.id }, aKey()))).toBe(
      'PROVIDER_UNAVAILABLE',
    )
    await age(order.id)
    await it.sandbox.clearFaults()
    await it.reaches(order, 'started')
    const { stripe } = await it.as(shopper).startPayment({ orderId: order.id }, aKey())
    const { intents } = await it.sandbox.ledgerOf(order.id)
    expect(intents.map(({ id }) => id)).toEqual([stripe?.paymentIntentId ?? ''])
  })

  test('is given up when there is no effect, and tried anew', async () => {
    const { order } = await authorized()
    await fault('*', { fail: 503, times: 1_000 })
    expect(await codeOf(it.house.capturePayment({ orderId: order.id }))).toBe('PROVIDER_UNAVAILABLE')
    await age(order.id)
    await it.sandbox.clearFaults()
    await it.reaches(order, 'captured')
    const attempts = await it.sql`
      select o.attempt, o.state from payment_operations o join payments p on p.id = o.payment_id
      where p.order_id = ${order.id} and o.name = 'capture' order by o.attempt`
    expect([...attempts]).toEqual([
      { attempt: 1, state: 'failed' },
      { attempt: 2, state: 'succeeded' },
    ])
  })
})

test('a capture that was refused a hundred times is still made when orders asks for it again', async () => {
  const { order } = await authorized()
  await it.sql`
    insert into payment_operations (id, payment_id, name, attempt, op_key, state, amount_minor, run_at, error)
    select gen_random_uuid(), id, 'capture', n, id || ':capture:' || n, 'failed', amount_minor, now(), 'refused'
    from payments, generate_series(1, 150) as n where order_id = ${order.id}`
  expect(await it.house.capturePayment({ orderId: order.id })).toMatchObject({ status: 'captured' })
})

test('a payment whose news cannot be read does not keep the reconciler from the others', async () => {
  const refs = [await authorized(), await authorized()].map(({ start }) => start.stripe?.paymentIntentId)
  const asked: string[] = []
  const { stripe } = it.context.providers
  const fetch = (ref: string) => {
    asked.push(ref)
    return ref === refs[0] ? Promise.reject(new TypeError('no such field')) : stripe.fetch(ref)
  }
  const providers = { ...it.context.providers, stripe: { ...stripe, fetch } }
  // A webhook that is still on its way counts as asked, so one turn may find one of the two only.
  await until(async () => {
    await it.sql`update payments set checked_at = now() - interval '1 day' where provider_ref = any(${refs.map(String)})`
    await reconcile(60).run({ ...it.context, providers }, new AbortController().signal)
    return refs.every((ref) => asked.includes(String(ref))) || undefined
  })
})

test('a refund that the bank sends back is made again until the provider has given the money back', async () => {
  const { order, pay } = await it.started()
  await pay('pm_card_refundFail')
  await it.reaches(order, 'authorized')
  await it.house.capturePayment({ orderId: order.id })
  await it.cancel(order)
  const bounced = await until(async () => {
    const { refunds } = await it.sandbox.ledgerOf(order.id)
    return refunds.filter(({ status }) => status === 'failed').length > 0 && refunds.length > 1
      ? refunds
      : undefined
  })
  expect(bounced.every(({ amount }) => amount === 2_500)).toBe(true)
})

test('an intent of another amount parks the payment for a person', async () => {
  const { order, start } = await it.started()
  await it.sandbox.atDashboard(`payment_intents/${start.stripe?.paymentIntentId}`, { amount: '9900' })
  await it.sandbox.atDashboard(`payment_intents/${start.stripe?.paymentIntentId}/confirm`, {
    payment_method: 'pm_card_visa',
  })
  const parked = await until(async () => {
    const payment = await it.house.getPayment({ orderId: order.id })
    return payment.failure === 'AMOUNT_MISMATCH' ? payment : undefined
  })
  expect(parked).toMatchObject({ status: 'started', authorized: { amountMinor: 0 } })
  expect(await codeOf(it.house.capturePayment({ orderId: order.id }))).toBe('PAYMENT_NOT_CAPTURABLE')
  await it.cancel(order)
  await it.reaches(order, 'cancelled')
  expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
    intents: [{ status: 'canceled' }],
    captures: [],
  })
})
