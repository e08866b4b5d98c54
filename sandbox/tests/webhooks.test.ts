import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'
import { until } from './until.ts'
import { startReceiver, type Receiver } from './webhook-receiver.ts'

const receivers: Receiver[] = []
let receiver: Receiver
let sandbox: UnderTest
beforeEach(() => {
  receiver = startReceiver()
  receivers.push(receiver)
  sandbox = startUnderTest({ GATEWAY_URL: receiver.url })
})
afterEach(() => sandbox.stop())
afterAll(async () => {
  for (const one of receivers) await one.stop()
})

const pay = async (): Promise<string> => {
  const held = await sandbox.stripe.paymentIntents.create({
    amount: 4250,
    currency: 'gbp',
    capture_method: 'manual',
    payment_method: 'pm_card_visa',
    confirm: true,
  })
  await sandbox.stripe.paymentIntents.capture(held.id)
  return held.id
}

const types = (): string[] => receiver.received.map((one) => one.event.type)
const arrived = (count: number): Promise<true> =>
  until(`${count} webhooks`, () => (receiver.received.length >= count ? true : undefined))
const rule = (body: Record<string, unknown>): Promise<Response> =>
  sandbox.post('/sandbox/faults', { webhooks: 'stripe', ...body })

const purchase = [
  'charge.captured',
  'charge.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.created',
  'payment_intent.succeeded',
]

test('each event arrives signed so that the official SDK accepts it', async () => {
  const id = await pay()
  await arrived(5)
  expect(types().toSorted()).toEqual(purchase)
  for (const { path, body, headers } of receiver.received) {
    expect(path).toBe('/webhooks/stripe')
    const signature = headers.get('stripe-signature') ?? ''
    const event = await sandbox.stripe.webhooks.constructEventAsync(
      body,
      signature,
      sandbox.config.STRIPE_WEBHOOK_SECRET,
    )
    expect(await sandbox.stripe.events.retrieve(event.id)).toMatchObject({ id: event.id, type: event.type })
    const forged = sandbox.stripe.webhooks.constructEventAsync(body, signature, 'whsec_other')
    expect(forged).rejects.toThrow()
  }
  const succeeded = receiver.received.find((one) => one.event.type === 'payment_intent.succeeded')
  expect(JSON.parse(succeeded?.body ?? '')).toMatchObject({ data: { object: { id, amount_received: 4250 } } })
})

test('what was refused is tried again until it is taken, and each attempt is recorded', async () => {
  receiver.answerWith(500)
  await sandbox.stripe.paymentIntents.create({ amount: 100, currency: 'gbp' })
  await arrived(2)
  expect((await sandbox.stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
  receiver.answerWith(204)
  const delivered = await until('the delivery', async () => {
    const { data } = await (await fetch(`${sandbox.url}/sandbox/webhooks?state=delivered`)).json()
    return data[0]
  })
  const statuses: number[] = delivered.attempts.map((attempt: { status: number }) => attempt.status)
  expect(statuses.slice(0, 2)).toEqual([500, 500])
  expect(statuses.at(-1)).toBe(204)
  expect((await sandbox.stripe.events.list({ delivery_success: true })).data).toHaveLength(1)
})

describe('rules', () => {
  test('duplicate: each arrives five times with one event id', async () => {
    await rule({ duplicate: 5 })
    await pay()
    await arrived(25)
    const counts = Object.values(Object.groupBy(receiver.received, (one) => one.event.id)).map(
      (group) => group?.length,
    )
    expect(counts).toEqual([5, 5, 5, 5, 5])
  })

  test('shuffle: held until enough wait, then sent in another order, the same for the same seed', async () => {
    const order = async (seed: number): Promise<string[]> => {
      await rule({ shuffle: { seed, hold: 5, holdMs: 60_000 } })
      await pay()
      await arrived(5)
      return types()
    }
    const first = await order(7)
    expect(first.toSorted()).toEqual(purchase)
    await sandbox.stop()
    receiver.received.length = 0
    sandbox = startUnderTest({ GATEWAY_URL: receiver.url })
    expect(await order(7)).toEqual(first)
  })

  test('shuffle: flush releases what still waits', async () => {
    await rule({ shuffle: { seed: 1, hold: 100, holdMs: 60_000 } })
    await pay()
    expect(receiver.received).toHaveLength(0)
    const flushed = await (await sandbox.post('/sandbox/webhooks/flush')).json()
    expect(flushed).toEqual({ tried: 5, arrived: 5 })
    expect(types().toSorted()).toEqual(purchase)
  })

  test('drop: never sent, yet listed as undelivered, and redelivered on demand', async () => {
    await rule({ type: 'payment_intent.succeeded', drop: true })
    await pay()
    await arrived(4)
    const missed = await sandbox.stripe.events.list({ delivery_success: false })
    expect(missed.data.map((event) => event.type)).toEqual(['payment_intent.succeeded'])
    await sandbox.post('/sandbox/webhooks/redeliver', { eventId: missed.data[0]?.id, times: 2 })
    await arrived(6)
    expect(types().slice(4)).toEqual(['payment_intent.succeeded', 'payment_intent.succeeded'])
  })

  test('beforeAnswer: the webhook is there before the call returns', async () => {
    await rule({ beforeAnswer: true })
    await sandbox.stripe.paymentIntents.create({ amount: 100, currency: 'gbp' })
    expect(types()).toEqual(['payment_intent.created'])
  })
})

test('with no target no webhook is owed, and a target can be given later', async () => {
  await sandbox.post('/sandbox/webhooks/target', { gatewayUrl: null }, 'PUT')
  await pay()
  expect((await sandbox.post('/sandbox/webhooks/flush')).ok).toBe(true)
  expect(receiver.received).toHaveLength(0)
  await sandbox.post('/sandbox/webhooks/target', { gatewayUrl: receiver.url }, 'PUT')
  await pay()
  await arrived(5)
})

test('asynchronous refunds reach their end by themselves', async () => {
  await sandbox.stop()
  sandbox = startUnderTest({ GATEWAY_URL: receiver.url, STRIPE_REFUND_SETTLE_MS: '0' })
  const refund = async (token: string): Promise<string> => {
    const paid = await sandbox.stripe.paymentIntents.create({
      amount: 900,
      currency: 'gbp',
      payment_method: token,
      confirm: true,
    })
    return (await sandbox.stripe.refunds.create({ payment_intent: paid.id })).id
  }
  const [pending, failing] = [await refund('pm_card_pendingRefund'), await refund('pm_card_refundFail')]
  const settled = (id: string, status: string): Promise<true> =>
    until(`${id} ${status}`, async () =>
      (await sandbox.stripe.refunds.retrieve(id)).status === status ? true : undefined,
    )
  await settled(pending, 'succeeded')
  await settled(failing, 'failed')
})
