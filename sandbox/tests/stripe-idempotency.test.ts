import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Stripe } from 'stripe'
import { startUnderTest, stripeAt, type UnderTest } from './sandbox-under-test.ts'

let sandbox: UnderTest
let skewMs = 0
beforeAll(() => {
  sandbox = startUnderTest({}, { now: () => Date.now() + skewMs })
})
beforeEach(async () => {
  await sandbox.post('/sandbox/reset', { state: true })
})
afterAll(() => sandbox.stop())

const create = (key: string, body: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sandbox.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.config.STRIPE_SECRET_KEY}`, 'idempotency-key': key },
    body: new URLSearchParams({ amount: '500', currency: 'gbp', ...body }),
  })

const intents = async (): Promise<number> => (await sandbox.ledger('stripe'))['intents']?.length ?? 0
const fault = (rule: Record<string, unknown>): Promise<Response> =>
  sandbox.post('/sandbox/faults', { provider: 'stripe', operation: 'payment_intents.create', ...rule })

test('the same key gives the first answer again, and one effect', async () => {
  const first = await create('k1')
  const again = await create('k1')
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await again.text()).toBe(await first.text())
  expect(await intents()).toBe(1)
})

test('the same key with other parameters, or at another endpoint, is an idempotency_error', async () => {
  await create('k1')
  const other = await create('k1', { amount: '600' })
  expect(other.status).toBe(400)
  expect(await other.json()).toMatchObject({ error: { type: 'idempotency_error' } })
  const elsewhere = sandbox.stripe.refunds.create({ payment_intent: 'pi_x' }, { idempotencyKey: 'k1' })
  expect(elsewhere).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
})

test('while the first runs, the same key is in use', async () => {
  await fault({ delayMs: 150, times: 1 })
  const [one, two] = await Promise.all([create('k1'), create('k1')])
  expect(new Set([one.status, two.status])).toEqual(new Set([200, 409]))
  const refused = one.status === 409 ? one : two
  expect(await refused.json()).toMatchObject({ error: { code: 'idempotency_key_in_use' } })
  expect(await intents()).toBe(1)
})

test('fifty at once with one key make one intent', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => create('k50')))
  expect(new Set(answers.map((answer) => answer.status)).isSubsetOf(new Set([200, 409]))).toBe(true)
  expect(await intents()).toBe(1)
})

test('a 500 after the effect is what the key replays, and the effect stays one', async () => {
  await fault({ failAfterEffect: 500, times: 1 })
  const first = await create('k1')
  const again = await create('k1')
  expect([first.status, again.status]).toEqual([500, 500])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await intents()).toBe(1)
})

test('a fault between Stripe and the caller leaves the true answer under the key', async () => {
  await fault({ failAfterEffect: 502, stores: 'answer', times: 1 })
  expect((await create('k1')).status).toBe(502)
  expect((await create('k1')).status).toBe(200)
  expect(await intents()).toBe(1)
})

test('a dropped answer is recovered by the SDK’s own retry, with one effect', async () => {
  await fault({ dropAnswer: true, times: 1 })
  const retrying = stripeAt(sandbox.url, sandbox.config, { maxNetworkRetries: 2 })
  const intent = await retrying.paymentIntents.create(
    { amount: 500, currency: 'gbp' },
    { idempotencyKey: 'k1' },
  )
  expect(intent.status).toBe('requires_payment_method')
  expect(await intents()).toBe(1)
})

test('a failure before the effect has none; declines are kept, faulty parameters are not', async () => {
  await fault({ fail: 503, times: 1 })
  expect((await create('k1')).status).toBe(503)
  expect(await intents()).toBe(0)
  const declined = { payment_method: 'pm_card_chargeDeclined', confirm: 'true' }
  expect((await create('k2', declined)).status).toBe(402)
  const replayed = await create('k2', declined)
  expect([replayed.status, replayed.headers.get('idempotent-replayed')]).toEqual([402, 'true'])
  expect((await create('k3', { amount: 'x' })).status).toBe(400)
  expect((await create('k3')).status).toBe(200)
})

test('a key may be used anew after 24 hours', async () => {
  await create('k1')
  skewMs = 25 * 3600 * 1000
  expect((await create('k1', { amount: '900' })).status).toBe(200)
  skewMs = 0
})

test('a rule lets calls pass, acts its number of times, and can be removed', async () => {
  await fault({ fail: 500, after: 1, times: 1 })
  const statuses = [await create('a'), await create('b'), await create('c')].map((answer) => answer.status)
  expect(statuses).toEqual([200, 500, 200])
  const rule: { id: string } = await (await fault({ fail: 500 })).json()
  expect((await sandbox.post(`/sandbox/faults/${rule.id}`, undefined, 'DELETE')).status).toBe(204)
  expect((await create('d')).status).toBe(200)
  expect((await fault({ colour: 'blue' })).status).toBe(400)
})
