// What providers tell may come five times, in any order, before their own answer, or never: the end is the same.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { breachesAtRest, openOrders } from '../stack/invariants.ts'
import { purchase } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { ask } from './ask.ts'
import { inLanes } from './in-lanes.ts'

let stack: TestStack
beforeAll(async () => {
  const polling = { RECONCILE_SECONDS: '1' }
  stack = await startTestStack({ env: { payments: polling, delivery: polling } })
})
afterAll(() => stack?.stop())
afterEach(() => sandbox('/sandbox/reset'))

const sandbox = async (path: string, body: object = {}): Promise<void> => {
  const { status } = await ask(`${stack.sandboxUrl}${path}`, { body })
  expect(status).toBeLessThan(300)
}

interface Delivery {
  readonly eventId: string
  readonly state: string
}

const deliveries = async (): Promise<readonly Delivery[]> => {
  const { body } = await ask(`${stack.sandboxUrl}/sandbox/webhooks`)
  return (body as { data: Delivery[] }).data
}

/** How often each event that was made since was delivered: that the rule bites is part of the test. */
const timesSince = async (earlier: readonly Delivery[]): Promise<number[]> => {
  const known = new Set(earlier.map(({ eventId }) => eventId))
  const made = (await deliveries()).filter(({ eventId }) => !known.has(eventId))
  const byEvent = Object.values(Object.groupBy(made, ({ eventId }) => eventId))
  return byEvent.map((all = []) => all.filter(({ state }) => state === 'delivered').length)
}

/** Two orders that are delivered and one that is cancelled after it was paid. */
const buy = async (): Promise<void> => {
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await inLanes(3, ['delivered', 'delivered', 'cancelled'] as const, (ending) =>
    purchase(stack, product, ending),
  )
}

const shuffle = { seed: 7, hold: 6, holdMs: 250 }

describe('the same end when every webhook', () => {
  test.each([
    ['is delivered five times', 5, { duplicate: 5 }],
    ['is shuffled', 1, { shuffle }],
    ['comes before the API’s own answer', 1, { beforeAnswer: true }],
    ['is delivered five times and shuffled', 5, { duplicate: 5, shuffle }],
    ['is delivered five times before the API’s own answer', 5, { duplicate: 5, beforeAnswer: true }],
    ['never comes, and polling settles it', 0, { drop: true }],
  ])('%s', async (_how, times, rule) => {
    const earlier = await deliveries()
    await sandbox('/sandbox/faults', { webhooks: '*', type: '*', ...rule })
    await buy()
    expect(await breachesAtRest(stack)).toEqual([])
    expect(await openOrders(stack)).toEqual([])
    await sandbox('/sandbox/webhooks/flush')
    expect([...new Set(await timesSince(earlier))]).toEqual([times])
    expect(await breachesAtRest(stack)).toEqual([])
  })

  test('comes again, three times, long after everything has ended', async () => {
    await buy()
    expect(await breachesAtRest(stack)).toEqual([])
    const before = (await deliveries()).filter(({ state }) => state === 'delivered').length
    await sandbox('/sandbox/webhooks/redeliver', { times: 3 })
    await sandbox('/sandbox/webhooks/flush')
    const after = (await deliveries()).filter(({ state }) => state === 'delivered').length
    expect(after).toBeGreaterThan(before * 2)
    expect(await breachesAtRest(stack)).toEqual([])
    expect(await openOrders(stack)).toEqual([])
  })
})

describe('a webhook that nobody signed', () => {
  const event = { id: 'evt_forged', type: 'payment_intent.succeeded', data: { object: { id: 'pi_forged' } } }

  test.each([
    ['stripe', { 'stripe-signature': `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}` }],
    ['stripe', {}],
    [
      'carrier',
      {
        'webhook-id': 'cev_forged',
        'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'webhook-signature': 'v1,AAAA',
      },
    ],
    ['carrier', {}],
  ] as const)('of %s is refused: %j', async (provider, headers) => {
    const answer = await ask(`${stack.gatewayUrl}/webhooks/${provider}`, {
      body: event,
      headers: { ...headers },
    })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' })
  })
})
