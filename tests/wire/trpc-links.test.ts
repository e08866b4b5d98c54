// The official client's links against the edge, on Bun, on Node and in a browser.
import { beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { AppRouter } from '@comptoir/contracts/app'
import { createTRPCClient, httpLink } from '@trpc/client'
import { z } from 'zod'
import { sharedBrowser } from '../browser/browser.ts'
import { awaitStatus, enter, fillCart, pay, place } from '../stack/purchase.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { startLoneEdge } from './lone-edge.ts'

const Outcomes = z.object({ requests: z.number(), outcomes: z.array(z.string()) })
const Told = z.object({
  httpLink: Outcomes,
  httpBatchLink: Outcomes,
  httpBatchStreamLink: Outcomes,
  splitLink: Outcomes,
  tooMany: Outcomes,
  bounded: Outcomes,
  methodOverride: Outcomes,
  expired: Outcomes,
  retryLink: Outcomes,
  watched: z.array(z.string()),
  resumed: z.array(z.string()),
  logged: z.boolean(),
})
type Told = z.infer<typeof Told>

let stack: TestStack
let timeline: readonly string[]
let task: object

beforeAll(async () => {
  stack = await sharedStack()
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  await pay(stack, shopper, orderId)
  const { token } = shopper
  await awaitStatus(stack, { token, orderId }, 'confirmed')
  const { items } = await stack.shop('orders', 'getTimeline', { orderId }, { token })
  timeline = items.map(({ id }) => id)
  task = { url: `${stack.gatewayUrl}/trpc`, token, orderId, variantId: product.variantId }
})

const run = async (program: string): Promise<Told> => {
  const child = Bun.spawn([program, join(import.meta.dir, 'links-client.mjs')], {
    stdin: new TextEncoder().encode(JSON.stringify(task)),
    stdout: 'pipe',
    stderr: 'inherit',
    timeout: 30_000,
  })
  const text = await new Response(child.stdout).text()
  expect(await child.exited).toBe(0)
  return Told.parse(JSON.parse(text))
}

/** Two queries and a mutation that succeed, around one that is refused; a mutation never shares a request with a query. */
const mixed = ['ok', 'ok', 'FORBIDDEN', 'ok', 'ok']

const onPage = async (): Promise<Told> => {
  await using page = await (await sharedBrowser()).open()
  // The one page whose rules let a script call the gateway.
  await page.goTo(`${stack.gatewayUrl}/docs`)
  const entrypoints = [join(import.meta.dir, 'links-page.mjs')]
  const bundle = await Bun.build({ entrypoints, target: 'browser', format: 'iife' })
  const code = await bundle.outputs[0]?.text()
  return Told.parse(await page.evaluate(`${code}\n;runLinks(${JSON.stringify(task)})`))
}

const runtimes: readonly (readonly [name: string, run: () => Promise<Told>])[] = [
  ['Bun', () => run(process.execPath)],
  ['Node', () => run('node')],
  ['a page of Chromium', onPage],
]

describe.each(runtimes)('on %s', (_name, runIt) => {
  let told: Told
  beforeAll(async () => {
    told = await runIt()
  })

  test('httpLink sends each call by itself', () => {
    expect(told.httpLink).toEqual({ requests: 5, outcomes: mixed })
  })

  test.each(['httpBatchLink', 'httpBatchStreamLink', 'splitLink'] as const)(
    '%s sends the queries to several services at once, and the mutation',
    (link) => {
      expect(told[link]).toEqual({ requests: 2, outcomes: mixed })
    },
  )

  test('a batch of more than ten is refused whole, and maxItems keeps to ten', () => {
    const refused = Array.from({ length: 12 }, () => 'MALFORMED_REQUEST')
    expect(told.tooMany).toEqual({ requests: 1, outcomes: refused })
    expect(told.bounded).toEqual({ requests: 2, outcomes: refused.map(() => 'ok') })
  })

  test('methodOverride is refused', () => {
    expect(told.methodOverride.outcomes).toEqual(['METHOD_NOT_ALLOWED'])
  })

  test('a wrong token is an error that every call of a batch can read', () => {
    expect(told.expired).toEqual({ requests: 2, outcomes: mixed.map(() => 'UNAUTHENTICATED') })
  })

  test('retryLink reads the contract’s code, loggerLink logs', () => {
    expect(told.retryLink).toEqual({ requests: 3, outcomes: ['ORDER_NOT_FOUND'] })
    expect(told.logged).toBe(true)
  })

  test('httpSubscriptionLink tells the timeline, and goes on behind the entry that it is given', () => {
    expect(told.watched).toEqual(timeline.slice(0, 2))
    expect(told.resumed).toEqual(timeline.slice(1, 2))
  })
})

test('a call that its client gives up is given up at the service', async () => {
  const edge = await startLoneEdge()
  try {
    const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${edge.url}/trpc` })] })
    const leaving = new AbortController()
    const asked = client.catalog.listProducts.query({ q: 'unanswered' }, { signal: leaving.signal })
    const refused = asked.then(
      () => 'answered',
      () => 'given up',
    )
    await until('the service has been asked', () => edge.echo.heard[0])
    expect(edge.echo.left()).toBe(0)
    leaving.abort()
    expect(await refused).toBe('given up')
    await until('the service is left', () => (edge.echo.left() === 1 ? true : undefined))
  } finally {
    await edge.stop()
  }
})
