// Batches whose answers are told as they arrive: the official client, the edge, and services made by tRPC itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { services, type AppRouter } from '@comptoir/contracts/app'
import { createTRPCClient, httpBatchStreamLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { publicOperations } from '../src/operations.ts'
import { defaultLimits } from '../src/protection/limits.ts'
import { createProtection, type Protection } from '../src/protection/protection.ts'
import { startEdge, untilSo, type ListeningEdge } from '../src/testing/listening-edge.ts'

/** Calls that wait for as long as somebody wants them. */
const waiting = new Set<AbortSignal>()
let protection: Protection
let edge: ListeningEdge

const t = initTRPC.create()
const hang = t.procedure.query(({ signal }) => {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal === undefined) throw new Error('A call has a signal')
  waiting.add(signal)
  signal.addEventListener('abort', () => {
    waiting.delete(signal)
    reject(signal.reason)
  })
  return promise
})
const fast = t.procedure.query(({ path }) => ({ answered: path }))
const router = t.router({
  catalog: t.router({ listCategories: fast, listProducts: hang }),
  carts: t.router({ getCart: hang }),
})

beforeAll(() => {
  const operations = publicOperations(services)
  protection = createProtection({ operations, limits: () => defaultLimits, trustedProxies: 0 })
  edge = startEdge((req) => fetchRequestHandler({ endpoint: '/trpc', req, router }), { protection })
})
afterAll(() => edge.stop())
beforeEach(() => waiting.clear())

const headers = { authorization: 'Bearer ada' }
const client = () =>
  createTRPCClient<AppRouter>({ links: [httpBatchStreamLink({ url: `${edge.url}/trpc`, headers })] })

type Client = ReturnType<typeof client>
type Ask = (shop: Client, signal: AbortSignal) => Promise<unknown>
const slowCatalog: Ask = (shop, signal) => shop.catalog.listProducts.query({}, { signal })
const slowCart: Ask = (shop, signal) => shop.carts.getCart.query({}, { signal })

describe.each([
  ['one service', slowCatalog],
  ['several services', slowCart],
])('in a batch to %s', (_name, askSlow) => {
  test('a fast call is answered while a slow one hangs, which its client’s leaving ends', async () => {
    const shop = client()
    const leaving = new AbortController()
    const outcome = askSlow(shop, leaving.signal).then(
      () => 'answered',
      () => 'given up',
    )
    const answered: unknown = await shop.catalog.listCategories.query({}, { signal: leaving.signal })
    expect(answered).toEqual({ answered: 'catalog.listCategories' })
    expect(waiting.size).toBe(1)
    // What is under way counts as such until its last line.
    expect([protection.admission.inFlight(), protection.inFlight.clients()]).toEqual([1, 1])
    leaving.abort()
    expect(await outcome).toBe('given up')
    await untilSo(() => waiting.size === 0 && protection.admission.inFlight() === 0)
    expect(protection.inFlight.clients()).toBe(0)
  })
})

test('in a batch to several services a fast call waits for no other of its own service either', async () => {
  const shop = client()
  const leaving = new AbortController()
  const { signal } = leaving
  const slow = [slowCart, slowCatalog].map((ask) => ask(shop, signal).catch(() => 'given up'))
  const answered: unknown = await shop.catalog.listCategories.query({}, { signal })
  expect(answered).toEqual({ answered: 'catalog.listCategories' })
  leaving.abort()
  expect(await Promise.all(slow)).toEqual(['given up', 'given up'])
  await untilSo(() => waiting.size === 0)
})
