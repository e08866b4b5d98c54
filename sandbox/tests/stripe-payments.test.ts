import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Stripe } from 'stripe'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'

let sandbox: UnderTest
beforeAll(() => {
  sandbox = startUnderTest()
})
afterAll(() => sandbox.stop())

const create = (params: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.PaymentIntent> =>
  sandbox.stripe.paymentIntents.create({ amount: 4250, currency: 'gbp', capture_method: 'manual', ...params })

const asBrowser = (id: string, body: Record<string, string>): Promise<Response> =>
  fetch(`${sandbox.url}/v1/payment_intents/${id}/confirm`, {
    method: 'POST',
    body: new URLSearchParams(body),
  })

const chargeOf = (intent: Stripe.PaymentIntent): string => {
  if (typeof intent.latest_charge !== 'string') throw new Error('The intent has no charge.')
  return intent.latest_charge
}

const refusal = async (work: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

describe('manual capture', () => {
  test('holds the money, captures it, and shows both on intent and charge', async () => {
    const fresh = await create({ metadata: { order_id: 'o-1' } })
    expect(fresh).toMatchObject({
      status: 'requires_payment_method',
      amount_capturable: 0,
      metadata: { order_id: 'o-1' },
    })
    const held = await sandbox.stripe.paymentIntents.confirm(fresh.id, {
      payment_method: 'pm_card_visa',
      expand: ['latest_charge'],
    })
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 4250, amount_received: 0 })
    const charge = held.latest_charge
    if (typeof charge !== 'object' || charge === null) throw new Error('latest_charge was not expanded')
    const card = charge.payment_method_details?.card
    expect(card).toMatchObject({ brand: 'visa', last4: '4242' })
    expect(card?.capture_before).toBe(charge.created + 7 * 24 * 3600)
    const paid = await sandbox.stripe.paymentIntents.capture(fresh.id)
    expect(paid).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 4250 })
    expect(await sandbox.stripe.charges.retrieve(charge.id)).toMatchObject({
      captured: true,
      amount_captured: 4250,
    })
    const movements = await sandbox.stripe.balanceTransactions.list({ source: charge.id })
    expect(movements.data).toMatchObject([{ type: 'charge', amount: 4250 }])
  })

  test('releases what a smaller capture leaves', async () => {
    const held = await create({ payment_method: 'pm_card_mastercard', confirm: true })
    const paid = await sandbox.stripe.paymentIntents.capture(held.id, { amount_to_capture: 1000 })
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1000 })
  })

  test('refuses a second capture and the capture of what was canceled', async () => {
    const paid = await create({ payment_method: 'pm_card_visa', confirm: true })
    await sandbox.stripe.paymentIntents.capture(paid.id)
    const again = await refusal(sandbox.stripe.paymentIntents.capture(paid.id))
    expect(again).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
    const canceled = await create({ payment_method: 'pm_card_visa', confirm: true })
    expect(
      await sandbox.stripe.paymentIntents.cancel(canceled.id, { cancellation_reason: 'abandoned' }),
    ).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      amount_capturable: 0,
    })
    const late = await refusal(sandbox.stripe.paymentIntents.capture(canceled.id))
    expect(late).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'canceled' },
    })
  })

  test('an authorisation that lapsed is canceled and cannot be captured', async () => {
    const held = await create({ payment_method: 'pm_card_visa', confirm: true })
    await sandbox.post(`/sandbox/stripe/${held.id}/expire`)
    expect(await sandbox.stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    })
  })
})

describe('the browser’s way', () => {
  test('confirms with the publishable key and the client secret, by number, and keeps no number', async () => {
    const fresh = await create()
    const answer = await asBrowser(fresh.id, {
      key: sandbox.config.STRIPE_PUBLISHABLE_KEY,
      client_secret: fresh.client_secret ?? '',
      'payment_method_data[type]': 'card',
      'payment_method_data[card][number]': '4242 4242 4242 4242',
      'payment_method_data[card][exp_month]': '12',
      'payment_method_data[card][exp_year]': '40',
      'payment_method_data[card][cvc]': '123',
    })
    const body: Stripe.PaymentIntent = await answer.json()
    expect([answer.status, body.status]).toEqual([200, 'requires_capture'])
    expect(body).not.toHaveProperty('metadata')
    expect(JSON.stringify(await sandbox.ledger('stripe'))).not.toContain('4242424242424242')
  })

  test('is refused without the right client secret, and for what only the shop may do', async () => {
    const fresh = await create()
    const key = sandbox.config.STRIPE_PUBLISHABLE_KEY
    const wrong = await asBrowser(fresh.id, {
      key,
      client_secret: 'pi_x_secret_y',
      payment_method: 'pm_card_visa',
    })
    expect(wrong.status).toBe(400)
    const missing = await asBrowser(fresh.id, { key, payment_method: 'pm_card_visa' })
    expect(missing.status).toBe(400)
    const capture = await fetch(`${sandbox.url}/v1/payment_intents/${fresh.id}/capture`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    })
    expect(capture.status).toBe(401)
  })
})

describe('declines', () => {
  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000000069', 'expired_card', 'expired_card'],
    ['4000000000000127', 'incorrect_cvc', 'incorrect_cvc'],
  ])('%s is declined as %s / %s, and another card may be tried', async (number, code, declineCode) => {
    const fresh = await create()
    const answer = await asBrowser(fresh.id, {
      key: sandbox.config.STRIPE_PUBLISHABLE_KEY,
      client_secret: fresh.client_secret ?? '',
      'payment_method_data[type]': 'card',
      'payment_method_data[card][number]': number,
    })
    expect(answer.status).toBe(402)
    expect(await answer.json()).toMatchObject({
      error: { type: 'card_error', code, decline_code: declineCode },
    })
    const refused = await sandbox.stripe.paymentIntents.retrieve(fresh.id, { expand: ['latest_charge'] })
    expect(refused).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code, decline_code: declineCode },
      latest_charge: { status: 'failed', paid: false },
    })
    const second = await sandbox.stripe.paymentIntents.confirm(fresh.id, { payment_method: 'pm_card_visa' })
    expect(second).toMatchObject({ status: 'requires_capture', last_payment_error: null })
  })

  test('the SDK raises a StripeCardError', async () => {
    const error = await refusal(create({ payment_method: 'pm_card_chargeDeclined', confirm: true }))
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(error).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline' })
  })
})

describe('3-D Secure', () => {
  const challenged = async (): Promise<Stripe.PaymentIntent> => {
    const intent = await create({
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'https://shop.example/back',
    })
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } })
    return intent
  }

  test('waits at a page, and approving it pays', async () => {
    const intent = await challenged()
    const page = await fetch(intent.next_action?.redirect_to_url?.url ?? '')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('£42.50')
    const back = await fetch(`${sandbox.url}/sandbox/3ds/${intent.id}/complete`, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'approve' }),
      redirect: 'manual',
    })
    expect(back.status).toBe(303)
    expect(back.headers.get('location')).toContain(`https://shop.example/back?payment_intent=${intent.id}`)
    expect(await sandbox.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_capture',
      next_action: null,
    })
  })

  test('declining it asks for another payment method', async () => {
    const intent = await challenged()
    expect((await sandbox.post(`/sandbox/3ds/${intent.id}/complete`, { outcome: 'decline' })).status).toBe(
      200,
    )
    expect(await sandbox.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    })
    expect((await sandbox.post(`/sandbox/3ds/${intent.id}/complete`, { outcome: 'approve' })).status).toBe(
      409,
    )
  })
})

describe('refunds', () => {
  test('several, in part, and never more than was captured', async () => {
    const paid = await create({ capture_method: 'automatic', payment_method: 'pm_card_visa', confirm: true })
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 4250 })
    const first = await sandbox.stripe.refunds.create({
      payment_intent: paid.id,
      amount: 1000,
      metadata: { line: '1' },
    })
    expect(first).toMatchObject({ status: 'succeeded', amount: 1000, metadata: { line: '1' } })
    const tooMuch = await refusal(sandbox.stripe.refunds.create({ payment_intent: paid.id, amount: 3251 }))
    expect(tooMuch).toMatchObject({ statusCode: 400, code: 'amount_too_large' })
    await sandbox.stripe.refunds.create({ payment_intent: paid.id })
    const over = await refusal(sandbox.stripe.refunds.create({ payment_intent: paid.id, amount: 1 }))
    expect(over).toMatchObject({ code: 'charge_already_refunded' })
    const list = await sandbox.stripe.refunds.list({ payment_intent: paid.id })
    expect(list.data.map((refund) => refund.amount)).toEqual([3250, 1000])
    const charge = await sandbox.stripe.charges.retrieve(chargeOf(paid))
    expect(charge).toMatchObject({ amount_refunded: 4250, refunded: true })
  })

  test('an authorisation has nothing to refund', async () => {
    const held = await create({ payment_method: 'pm_card_visa', confirm: true })
    await refusal(sandbox.stripe.refunds.create({ payment_intent: held.id }))
    expect((await sandbox.stripe.refunds.list({ payment_intent: held.id })).data).toEqual([])
  })
})

test('a disputed charge cannot be refunded', async () => {
  const paid = await create({
    capture_method: 'automatic',
    payment_method: 'pm_card_createDispute',
    confirm: true,
  })
  const error = await refusal(sandbox.stripe.refunds.create({ payment_intent: paid.id }))
  expect(error).toMatchObject({ code: 'charge_disputed' })
  const events = await sandbox.stripe.events.list({ type: 'charge.dispute.created' })
  expect(events.data).toHaveLength(1)
})

test('finds an intent by its metadata', async () => {
  const made = await create({ metadata: { attempt: "o'17", kind: 'x' } })
  await create({ metadata: { attempt: 'other' } })
  const found = await sandbox.stripe.paymentIntents.search({
    query: `metadata["attempt"]:"o'17" AND status:'requires_payment_method'`,
  })
  expect(found.data.map((intent) => intent.id)).toEqual([made.id])
})

test('pages through lists newest first, by cursor', async () => {
  const made = [await create(), await create(), await create()].map((intent) => intent.id).toReversed()
  const first = await sandbox.stripe.paymentIntents.list({ limit: 2 })
  expect(first.data.map((intent) => intent.id)).toEqual(made.slice(0, 2))
  const rest = await sandbox.stripe.paymentIntents.list({ limit: 1, starting_after: made[1] ?? '' })
  expect(rest.data[0]?.id).toBe(made[2] ?? '')
  const everything = await sandbox.stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 })
  expect(everything.length).toBeGreaterThan(2)
})

test('errors look like Stripe’s', async () => {
  const wrong = new Stripe('sk_test_wrong_key', {
    host: '127.0.0.1',
    port: new URL(sandbox.url).port,
    protocol: 'http',
  })
  const unauthorized = await refusal(wrong.paymentIntents.list())
  expect(unauthorized).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  const missing = await refusal(sandbox.stripe.paymentIntents.retrieve('pi_none'))
  expect(missing).toMatchObject({ statusCode: 404, code: 'resource_missing' })
  expect(missing.requestId).toStartWith('req_')
  const small = await refusal(create({ amount: 1 }))
  expect(small).toMatchObject({ code: 'amount_too_small', param: 'amount' })
  const unknown = await fetch(`${sandbox.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.config.STRIPE_SECRET_KEY}`, 'stripe-version': '2020-08-27' },
    body: new URLSearchParams({ amount: '100', currency: 'gbp', colour: 'blue' }),
  })
  expect(unknown.headers.get('stripe-version')).toBe('2020-08-27')
  expect(await unknown.json()).toMatchObject({ error: { code: 'parameter_unknown', param: 'colour' } })
})
