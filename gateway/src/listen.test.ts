import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { services } from '@comptoir/contracts/app'
import { createLogger } from '@comptoir/service-kit/logger'
import { app } from './app.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { listen, type Listening } from './listen.ts'
import { publicOperations } from './operations.ts'
import { createUpstream } from './upstream.ts'

/** A service that answers with what it was asked, and streams until its listener leaves. */
let service: ReturnType<typeof Bun.serve>
let listeners = 0
/** Calls that a service is at, and will be for as long as they are wanted. */
let calls = 0
let edge: Listening
const lines: string[] = []

beforeAll(() => {
  service = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => {
      const { pathname, search } = new URL(request.url)
      if (/\.(getCart|addLine)/.test(pathname)) {
        calls += 1
        request.signal.addEventListener('abort', () => (calls -= 1))
        return new Promise(() => undefined)
      }
      if (!pathname.endsWith('.watchOrder')) return Response.json({ result: { data: { pathname, search } } })
      if (search.includes('silent')) return new Promise(() => undefined)
      listeners += 1
      request.signal.addEventListener('abort', () => (listeners -= 1))
      const pull = async (stream: ReadableStreamDefaultController) => {
        stream.enqueue(new TextEncoder().encode('event: ping\ndata: \n\n'))
        await Bun.sleep(20)
      }
      return new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  const write = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const log = { ...createLogger('gateway', 'silent'), error: write }
  const target = {
    url: service.url.origin,
    release: () => undefined,
    failed: () => undefined,
    answered: () => false,
  }
  const main = app({
    operations: publicOperations(services),
    upstream: createUpstream({ issueToken: async () => 'token', pick: () => target }),
    kept: createKeptAnswers(),
    authenticate: async () => {
      return { kind: 'guest', id: 'g-1', scopes: [] }
    },
    webhooks: { stripe: async () => undefined, carrier: async () => undefined },
    health: () => {
      // What is thrown need not be an Error.
      throw 'a secret'
    },
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes: 10_000,
    requestTimeoutMs: 1_000,
    log,
  })
  edge = listen({ HOST: '127.0.0.1', PORT: 0 }, { main, log })
})
afterAll(async () => {
  await edge.stop()
  await service.stop(true)
})

/** Sends these very bytes and reads the answer's head and body, for as long as told. */
const say = (text: string, ms = 1_500): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(Number(new URL(edge.url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data.toString()
    if (/\r\n\r\n.*\}/s.test(answer)) socket.destroy()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => resolve(answer))
  setTimeout(() => socket.destroy(), ms)
  socket.write(text)
  return promise
}
const get = (path: string, host = 'shop.example') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

test.each(['a b', '[', '%%%', 'shop@evil:99999', 'shop:99999', '999.999.999.999', 'a/v1/products?', 'a#b'])(
  'the host %j is refused, on every face',
  async (host) => {
    for (const path of ['/xx/v1/products', '/v1/products', '/trpc/catalog.listProducts']) {
      const answer = await say(get(path, host))
      expect(answer).toStartWith('HTTP/1.1 400 ')
      expect(answer).toContain('MALFORMED_REQUEST')
    }
  },
)

test.each(['shop.example', 'localhost:8080', '127.0.0.1', '[::1]:8080', 'my_shop'])(
  'the host %j is taken',
  async (host) => {
    expect(await say(get('/v1/products', host))).toStartWith('HTTP/1.1 200 ')
  },
)

test('a question that would grow too long for a service is refused, not UNAVAILABLE', async () => {
  const quotes = '"'.repeat(12_000)
  const batch = `catalog.listProducts,orders.listOrders?batch=1&input={"0":{"q":"${'{'.repeat(5_000)}"}}`
  for (const path of [
    `/v1/products?q=${quotes}`,
    `/trpc/catalog.listProducts?input=${quotes}`,
    `/trpc/${batch}`,
  ])
    expect(await say(get(path))).toContain('MALFORMED_REQUEST')
  const key = `POST /v1/orders HTTP/1.1\r\nHost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n`
  expect(await say(`${key}idempotency-key: ${'k'.repeat(15_000)}\r\n\r\n{}`)).toContain('MALFORMED_REQUEST')
})

test('what is thrown outside of everything shows nothing of itself', async () => {
  const answer = await say(get('/readyz'))
  expect(answer).toStartWith('HTTP/1.1 500 ')
  expect(answer).toContain('application/problem+json')
  expect(answer).not.toContain('secret')
})

describe('a stream', () => {
  const allLeft = async (): Promise<boolean> => {
    const until = performance.now() + 3_000
    const left = () => listeners === 0
    while (!left() && performance.now() < until) await Bun.sleep(5)
    return left()
  }
  const paths = ['/v1/orders/o-1/events', '/trpc/orders.watchOrder?input=%7B%7D']

  test.each(paths)('of %s ends at the service when its reader has left', async (path) => {
    const reader = new AbortController()
    await fetch(`${edge.url}${path}`, { signal: reader.signal })
    expect(listeners).toBe(1)
    reader.abort()
    expect(await allLeft()).toBe(true)
  })

  test('that a service never begins is DEADLINE_EXCEEDED', async () => {
    const answer = await say(get('/trpc/orders.watchOrder?input=%22silent%22'), 4_000)
    expect(answer).toStartWith('HTTP/1.1 504 ')
  })

  test('that is asked for by HEAD is not held open', async () => {
    const socket = connect(Number(new URL(edge.url).port), '127.0.0.1')
    const { promise: answered, resolve } = Promise.withResolvers<unknown>()
    socket.once('data', resolve)
    socket.write('HEAD /v1/orders/o-1/events HTTP/1.1\r\nHost: a\r\n\r\n')
    await answered
    expect(await allLeft()).toBe(true)
    socket.destroy()
  })
})

const line = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"quantity":1}' }
test.each<[string, string, RequestInit]>([
  ['a read over REST', '/v1/cart', {}],
  ['a write over REST', '/v1/cart/lines', line],
  ['a read over tRPC', '/trpc/carts.getCart', {}],
  ['a write over tRPC', '/trpc/carts.addLine', line],
  ['a batch of one service', '/trpc/carts.getCart,carts.getCart?batch=1&input=%7B%7D', {}],
  ['a batch of several', '/trpc/carts.getCart,catalog.listProducts?batch=1&input=%7B%7D', {}],
])('%s ends at the service when its client has left', async (_what, path, init) => {
  const until = async (count: number) => {
    const giveUpAt = performance.now() + 900
    const isSo = () => calls === count
    while (!isSo() && performance.now() < giveUpAt) await Bun.sleep(1)
    return calls
  }
  const client = new AbortController()
  const answered = fetch(`${edge.url}${path}`, { ...init, signal: client.signal }).catch(() => 'left')
  expect(await until(1)).toBe(1)
  client.abort()
  expect(await answered).toBe('left')
  expect(await until(0)).toBe(0)
})

test('a client that leaves before its answer is no failure of ours', async () => {
  lines.length = 0
  for (const path of ['/v1/cart', '/trpc/carts.getCart', '/v1/orders/o-1/events']) await say(get(path), 100)
  await Bun.sleep(100)
  expect(lines).toEqual([])
})
