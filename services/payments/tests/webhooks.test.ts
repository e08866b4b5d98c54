import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startPayments, until, type PaymentsUnderTest } from './payments-under-test.ts'
import { deleteOldWebhooks } from '../src/workers/delete-old-webhooks.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterAll(() => it.stopAll())

const signed = async (
  body: string,
  at: number,
  secret = 'whsec_sandbox',
): Promise<Record<string, string>> => {
  const hmac = new Bun.CryptoHasher('sha256', secret).update(`${at}.${body}`).digest('hex')
  return { 'stripe-signature': `t=${at},v1=${hmac}` }
}

const seconds = (): number => Math.floor(Date.now() / 1000)
const event = (id: string, object: object) =>
  JSON.stringify({ id, object: 'event', type: 'payment_intent.succeeded', created: 1, data: { object } })

describe('webhooks', () => {
  test('delivered five times and shuffled end the same as once', async () => {
    await it.sandbox.fault({
      webhooks: 'stripe',
      type: '*',
      duplicate: 5,
      shuffle: { seed: 7, hold: 500, holdMs: 60_000 },
    })
    const { order, pay } = await it.started()
    await pay()
    await it.sandbox.ask('POST', '/sandbox/webhooks/flush', {})
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    await it.cancel(order)
    await it.reaches(order, 'refunded')
    await it.sandbox.ask('POST', '/sandbox/webhooks/flush', {})
    await it.sandbox.clearFaults()
    await it.heardAll()

    expect(it.gateway.heard.length).toBeGreaterThan(20)
    const [events] = await it.sql<{ count: number }[]>`select count(*)::int as count from provider_webhooks`
    expect(events?.count).toBe(new Set(it.gateway.heard.map(({ body }) => JSON.parse(body).id)).size)
    for (const status of ['started', 'authorized', 'captured', 'refunded'] as const) {
      expect(it.told(order, status)).toHaveLength(1)
    }
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      intents: [{ status: 'succeeded' }],
      captures: [{ amount: 2_500 }],
      refunds: [{ amount: 2_500 }],
    })
  })

  test('that come before the answer of the call end the same', async () => {
    await it.sandbox.fault({ webhooks: 'stripe', type: '*', beforeAnswer: true })
    const { order, start, pay } = await it.started()
    expect(start.payment.status).toBe('started')
    await pay()
    await it.reaches(order, 'authorized')
    expect(await it.house.capturePayment({ orderId: order.id })).toMatchObject({ status: 'captured' })
    await it.cancel(order)
    await it.reaches(order, 'refunded')
    await it.sandbox.clearFaults()
    await it.heardAll()
    expect(it.told(order, 'captured')).toHaveLength(1)
    expect((await it.sandbox.ledgerOf(order.id)).refunds).toHaveLength(1)
  })

  test('are kept once: a repeat is answered as a duplicate', async () => {
    const body = event('evt_twice', { object: 'payment_intent', id: 'pi_of_nobody' })
    const incoming = { body, headers: await signed(body, seconds()) }
    expect(await it.house.receiveWebhook(incoming)).toEqual({ duplicate: false })
    expect(await it.house.receiveWebhook(incoming)).toEqual({ duplicate: true })
  })

  test('are deleted a month after they were worked on, and one that comes again then changes nothing', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    // The last of them, which may still be on its way.
    const says = (type: string) =>
      it.gateway.heard.some(({ body }) => body.includes(type) && body.includes(order.id))
    await until(async () => (says('payment_intent.succeeded') ? true : undefined))
    await it.heardAll()
    const facts = () => it.sql`select 1 from payment_events`
    const before = (await facts()).length
    const age = (days: number) =>
      it.sql`update provider_webhooks set processed_at = now() - ${days} * interval '1 day'`
    const deleteOld = () => deleteOldWebhooks.run(it.context, new AbortController().signal)
    await age(29)
    await deleteOld()
    expect(await it.heardAll()).toBeGreaterThan(0)
    await age(31)
    await deleteOld()
    expect(await it.heardAll()).toBe(0)
    const { body } = it.gateway.heard.at(-1) ?? { body: '' }
    await it.house.receiveWebhook({ body, headers: await signed(body, seconds()) })
    expect(await it.heardAll()).toBe(1)
    expect(await facts()).toHaveLength(before)
  })

  test('about things that are none of ours are put aside', async () => {
    for (const [id, object] of [
      ['evt_stranger', { object: 'balance' }],
      ['evt_dispute', { object: 'dispute', id: 'du_1', payment_intent: null }],
    ] as const) {
      const body = event(id, object)
      await it.house.receiveWebhook({ body, headers: await signed(body, seconds()) })
    }
    const ended = it.sql`
      select count(*)::int as count from provider_webhooks
      where event_id in ('evt_stranger', 'evt_dispute') and processed_at is not null`
    await it.heardAll()
    expect((await ended)[0]).toEqual({ count: 2 })
  })

  test('with a forged, an old or no signature are refused and not kept', async () => {
    const body = event('evt_forged', { object: 'payment_intent', id: 'pi_1' })
    const forgeries = [
      {},
      { 'stripe-signature': 't=1,v1=00' },
      await signed(body, seconds(), 'whsec_another'),
      await signed(`${body} `, seconds()),
      await signed(body, seconds() - 301),
    ]
    for (const headers of forgeries) {
      const refusal = await it.house
        .receiveWebhook({ body, headers })
        .catch((error: { code: string }) => error.code)
      expect(refusal).toBe('WEBHOOK_SIGNATURE_INVALID')
    }
    expect(await it.sql`select 1 from provider_webhooks where event_id = 'evt_forged'`).toHaveLength(0)
  })
})

describe('without any webhook', () => {
  let silent: PaymentsUnderTest
  beforeAll(async () => {
    silent = await startPayments({ webhooks: false, reconcileSeconds: 0.2 })
  })
  afterAll(() => silent.stopAll())

  test('every payment settles by asking', async () => {
    const paid = await silent.started()
    await paid.pay()
    await silent.reaches(paid.order, 'authorized')
    await silent.house.capturePayment({ orderId: paid.order.id })
    const declined = await silent.started()
    await declined.pay('pm_card_visa_chargeDeclined')
    const expired = await silent.started()
    await expired.pay()
    await silent.reaches(expired.order, 'authorized')
    await silent.sandbox.ask('POST', `/sandbox/stripe/${expired.start.stripe?.paymentIntentId}/expire`, {})
    expect(await silent.reaches(expired.order, 'cancelled')).toMatchObject({ authorized: { amountMinor: 0 } })
    await silent.cancel(paid.order)
    await silent.reaches(paid.order, 'refunded')
    await silent.cancel(declined.order)
    expect(await silent.reaches(declined.order, 'cancelled')).toMatchObject({ failure: 'GENERIC_DECLINE' })
    expect(silent.gateway.heard).toHaveLength(0)
  })

  test('a refund that settles later is waited for, and made once', async () => {
    const slow = await silent.started()
    await slow.pay('pm_card_pendingRefund')
    await silent.reaches(slow.order, 'authorized')
    await silent.house.capturePayment({ orderId: slow.order.id })
    await silent.cancel(slow.order)
    await silent.reaches(slow.order, 'refunded')
    expect((await silent.sandbox.ledgerOf(slow.order.id)).refunds).toHaveLength(1)
  })
})
