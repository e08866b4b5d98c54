// Of what a client says in headers, a service hears the few that concern it, by whichever face they came.
import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { serveEdge } from './testing/serve-edge.ts'
import { createUpstream } from './upstream.ts'

let heard: Headers[] = []
const stream = () =>
  new Response('event: connected\ndata: {}\n\nid: 1\ndata: {}\n\n', {
    headers: { 'content-type': 'text/event-stream' },
  })
const service = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => {
    heard.push(request.headers)
    if (request.headers.get('accept') === 'text/event-stream') return stream()
    const { pathname, searchParams } = new URL(request.url)
    const envelope = { result: { data: { id: 'x-1' } } }
    const calls = pathname.split(',').length
    return Response.json(searchParams.has('batch') ? Array.from({ length: calls }, () => envelope) : envelope)
  },
})
afterAll(() => service.stop(true))
beforeEach(() => {
  heard = []
})

const upstream = createUpstream({
  issueToken: async (actor, audience) => `${actor.kind} for ${audience}`,
  pick: () => ({
    id: 'fake',
    url: `http://127.0.0.1:${service.port}`,
    release: () => undefined,
    failed: () => undefined,
    answered: () => false,
  }),
})
const { fetch } = serveEdge(() => new Response(), { upstream })

const spoofed: Readonly<Record<string, string>> = {
  forwarded: 'for=1.2.3.4;host=evil.example',
  'x-forwarded-for': '1.2.3.4',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-prefix': '/admin',
  'x-real-ip': '1.2.3.4',
  'x-network': 'a'.repeat(64),
  'x-client-ip': '1.2.3.4',
  'true-client-ip': '1.2.3.4',
  'cf-connecting-ip': '1.2.3.4',
  'x-original-url': '/trpc/orders.getSnapshot',
  'x-rewrite-url': '/trpc/orders.getSnapshot',
  'x-http-method-override': 'DELETE',
  'x-user-id': 'admin',
  'x-user-scopes': 'users:write',
  'x-actor': '{"kind":"admin"}',
  'x-deadline-ms': '999999999',
  'x-request-id': 'request-of-a-client',
  'x-internal': '1',
  'proxy-authorization': 'Bearer guest',
  'user-agent': 'client/1.0',
  origin: 'https://evil.example',
  referer: 'https://evil.example/',
  cookie: 'session=1',
  baggage: 'user=admin',
  tracestate: 'a=b',
  b3: '1',
  'uber-trace-id': '1',
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
}

const key = 'key-of-a-client-1'
const call = (method: 'GET' | 'POST', more: Record<string, string> = {}): RequestInit => ({
  method,
  headers: {
    ...spoofed,
    ...more,
    authorization: 'Bearer guest',
    'content-type': 'application/json',
    'idempotency-key': key,
  },
  ...(method === 'GET' ? {} : { body: '{}' }),
})
const everywhere: readonly (readonly [face: string, path: string, init: RequestInit, services: number])[] = [
  ['a REST read', '/v1/cart', call('GET'), 1],
  ['a REST write', '/v1/orders', call('POST'), 1],
  ['a tRPC read', '/trpc/carts.getCart?input=%7B%7D', call('GET'), 1],
  ['a tRPC write', '/trpc/orders.placeOrder', call('POST'), 1],
  ['a tRPC batch of one service', '/trpc/carts.getCart,carts.getCart?batch=1&input=%7B%7D', call('GET'), 1],
  ['a tRPC batch of several', '/trpc/carts.getCart,orders.listOrders?batch=1&input=%7B%7D', call('GET'), 2],
  [
    'a streamed tRPC batch',
    '/trpc/carts.getCart,orders.listOrders?batch=1&input=%7B%7D',
    call('GET', { 'trpc-accept': 'application/jsonl' }),
    2,
  ],
  ['a REST stream', '/v1/orders/o-1/events', call('GET', { 'last-event-id': '7' }), 1],
  [
    'a tRPC subscription',
    '/trpc/orders.watchOrder?input=%7B%7D',
    call('GET', { accept: 'text/event-stream', 'last-event-id': '7' }),
    1,
  ],
]

/** What may be told to a service, and by whom it is said. */
const known = ['accept', 'content-type', 'idempotency-key', 'last-event-id', 'trpc-accept']
const ours = ['authorization', 'x-deadline-ms', 'traceparent']
const ofTheConnection = ['accept-encoding', 'connection', 'content-length', 'host', 'user-agent']

describe.each(everywhere)('%s', (_face, path, init, services) => {
  test('hands on what is allowed, and nothing else as the client said it', async () => {
    const response = await fetch(path, init)
    expect(response.status).toBeLessThan(300)
    // Lines are told before all services have been asked.
    if (response.headers.get('content-type')?.startsWith('application/json')) await response.text()
    expect(heard).toHaveLength(services)
    for (const headers of heard) {
      for (const name of headers.keys()) expect([...known, ...ours, ...ofTheConnection]).toContain(name)
      for (const [name, value] of Object.entries(spoofed)) expect(headers.get(name)).not.toBe(value)
      expect(headers.get('authorization')).toStartWith('Bearer guest for ')
      expect(headers.get('idempotency-key')).toBe(key)
      expect(Number(headers.get('x-deadline-ms'))).toBeLessThanOrEqual(2_000)
    }
  })

  test('is answered with what nobody may keep', async () => {
    const response = await fetch(path, init)
    if (response.headers.get('content-type')?.startsWith('application/json')) await response.text()
    else await response.body?.cancel()
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
