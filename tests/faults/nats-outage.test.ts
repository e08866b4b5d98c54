import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { OrderId } from '@comptoir/contracts/ids'
import { breachesAtRest } from '../stack/invariants.ts'
import { awaitStatus, enter, fillCart, pay, place } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { elapse, until } from '../stack/until.ts'
import { gather } from './crowd.ts'

const outageMs = 20_000
const silenceMaxMs = 5_000

interface Accepted {
  readonly orderId: OrderId
  readonly token: string
  readonly at: number
}

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack({ onHand: 1_000_000 })
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

test('nats-server dies for 20 s under load: orders are accepted all the while, and their events all arrive', async () => {
  const accepted: Accepted[] = []
  // No patience here: a shopper who is refused anything at all fails the test.
  const crowd = gather(6, async (nth) => {
    const product = stack.products[nth % 2]
    if (product === undefined) throw new Error('There is nothing to buy')
    const shopper = await enter(stack.shop)
    await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
    const { id: orderId } = await place(stack.shop, shopper)
    accepted.push({ orderId, token: shopper.token, at: performance.now() })
    await pay(stack, shopper, orderId)
  })
  await until('the first orders are accepted', () => (accepted.length >= 6 ? true : undefined))
  await stack.servers.nats?.kill()
  const from = performance.now()
  await elapse(outageMs)
  const to = performance.now()
  await stack.servers.nats?.start()
  const before = accepted.length
  await until('orders are accepted afterwards', () =>
    accepted.length > before + 6 || crowd.failed.aborted ? true : undefined,
  )
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  const during = accepted.flatMap(({ at }) => (at > from && at < to ? [at] : []))
  expect(longestSilence([from, ...during, to])).toBeLessThan(silenceMaxMs)
  for (const about of accepted) await awaitStatus(stack, about, 'confirmed')
  expect(await breachesAtRest(stack)).toEqual([])
}, 180_000)

const longestSilence = (moments: readonly number[]): number =>
  Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)))
