import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ask, type Answer } from '../journeys/ask.ts'
import { enter } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { gather } from './crowd.ts'

let stack: TestStack

beforeAll(async () => {
  stack = await startTestStack()
}, 60_000)

afterAll(() => stack?.stop(), 60_000)

const listing = () => fetch(`${stack.gatewayUrl}/v1/products`)

/** What the gateway’s metrics tell of the catalogue’s breaker: 0 closed, 1 half-open, 2 open. */
const breakerState = async (): Promise<number> => {
  const text = await (await fetch(`${stack.gatewayUrl}/metrics`)).text()
  return Number(/^comptoir_breaker_state\{[^}]*service="catalog"[^}]*\} (\d)/m.exec(text)?.[1] ?? Number.NaN)
}
const breakerIs = (state: number) =>
  until(`the breaker is ${state}`, async () => ((await breakerState()) === state ? state : undefined))

test('the catalogue stops in the middle of everything: it is given up, the rest goes on, the listing is told stale', async () => {
  const { accessToken: token } = await stack.shop('identity', 'createGuest', {})
  const about = (path: string): Promise<Answer> => ask(`${stack.gatewayUrl}${path}`, { token })
  const catalog = stack.processes.get('catalog').pid() ?? 0
  const answers = { others: [] as number[], asking: [] as number[], stale: 0 }
  // Each asks for a product of its own, so that nothing kept can answer; and for what needs no catalogue.
  const crowd = gather(12, async (nth) => {
    const [product, ...others] = await Promise.all([
      fetch(`${stack.gatewayUrl}/v1/products/none-${nth}`),
      about('/v1/orders'),
      enter(stack.shop).then(() => ({ status: 200 })),
      fetch(`${stack.gatewayUrl}/v1/delivery-options`),
    ])
    answers.asking.push(product.status)
    answers.others.push(...others.map(({ status }) => status))
  })
  try {
    await until('the crowd is served', () => (answers.asking.length > 50 ? true : undefined))
    expect(new Set(answers.asking)).toEqual(new Set([404]))
    // Asked only now: news of products that were just made has been heard, and nothing kept is forgotten any more.
    const fresh: unknown = await (await listing()).json()
    process.kill(catalog, 'SIGSTOP')
    await breakerIs(2)
    await until('an answer is told that has gone stale', async () => {
      const response = await listing()
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(fresh as object)
      return Number(response.headers.get('age')) > 5 ? true : undefined
    })
    const { length } = answers.others
    await until('the others go on', () => (answers.others.length > length + 100 ? true : undefined))
  } finally {
    process.kill(catalog, 'SIGCONT')
  }
  await breakerIs(0)
  await until('the listing is fresh again', async () => {
    const age = (await listing()).headers.get('age')
    return age === null ? true : undefined
  })
  answers.asking.length = 0
  await until('products are answered again', () => (answers.asking.length > 50 ? true : undefined))
  expect(await crowd.leave(), stack.complaints()).toEqual([])
  expect(new Set(answers.others)).toEqual(new Set([200]))
}, 120_000)
