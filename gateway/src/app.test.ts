import { describe, expect, test } from 'bun:test'
import { services } from '@comptoir/contracts/app'
import { commonError } from '@comptoir/contracts/errors'
import { createLogger } from '@comptoir/service-kit/logger'
import { app, type AppOptions } from './app.ts'
import { createKeptAnswers } from './kept-answers.ts'
import { publicOperations } from './operations.ts'
import { serveEdge } from './testing/serve-edge.ts'
import type { UpstreamRequest } from './upstream.ts'

const bodyMaxBytes = 10_000

interface Served {
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  readonly from: (address: string, path: string, headers?: Record<string, string>) => Promise<Response>
  readonly sent: UpstreamRequest[]
  readonly webhooks: unknown[]
}

/** The gateway with a service behind it that answers as told. */
const serving = (
  answer: () => Response | Promise<Response> = () => result({}),
  more: Partial<AppOptions> = {},
): Served => {
  const sent: UpstreamRequest[] = []
  const webhooks: unknown[] = []
  const edge = app({
    operations: publicOperations(services),
    upstream: { send: async (request) => (sent.push(request), answer()) },
    authenticate: async (authorization) => {
      if (authorization === undefined) return { kind: 'anonymous', id: 'anonymous', scopes: [] }
      if (authorization !== 'Bearer guest') throw commonError('UNAUTHENTICATED')
      return { kind: 'guest', id: 'g-1', scopes: [] }
    },
    kept: createKeptAnswers(),
    webhooks: {
      stripe: async (webhook) => webhooks.push(webhook),
      carrier: async (webhook) => webhooks.push(webhook),
    },
    health: async () => ({ status: 'ready', checks: {} }),
    metricsText: async () => '',
    keys: async () => ({ keys: [] }),
    bodyMaxBytes,
    requestTimeoutMs: 2_000,
    log: createLogger('gateway', 'silent'),
    ...more,
  })
  const from = async (address: string, path: string, headers: Record<string, string> = {}) =>
    edge.request(path, { headers }, { server: { requestIP: () => ({ address }) } })
  return { fetch: async (path, init) => edge.request(path, init), from, sent, webhooks }
}

const result = (data: unknown, headers: Record<string, string> = {}): Response =>
  Response.json({ result: { data } }, { headers })
const asGuest = { authorization: 'Bearer guest' }
const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { ...asGuest, 'content-type': 'application/json', ...headers },
  body,
})
const problemOf = async (response: Response) => (await response.json()) as Record<string, unknown>

describe('REST', () => {
  test('answers the data of the procedure as it is, with the status of the contract', async () => {
    const { fetch, sent } = serving(() => result({ id: 'o-1', text: '"}}' }))
    const response = await fetch('/v1/orders', post('{}', { 'idempotency-key': 'k'.repeat(16) }))
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe('/v1/orders/o-1')
    expect(await response.text()).toBe('{"id":"o-1","text":"\\"}}"}')
    expect(sent[0]?.headers['idempotency-key']).toBe('k'.repeat(16))
  })

  test('tells that an answer is a replay, and nothing else of what the service says of itself', async () => {
    const inner = { 'idempotency-replayed': 'true', server: 'inner', 'set-cookie': 'a=b', 'x-inner': '1' }
    const { fetch } = serving(() => result({}, inner))
    const { headers } = await fetch('/v1/cart', { headers: asGuest })
    expect(headers.get('idempotency-replayed')).toBe('true')
    for (const name of ['server', 'set-cookie', 'x-inner']) expect(headers.get(name)).toBeNull()
  })

  test('hands on no header of the client but those it knows', async () => {
    const { fetch, sent } = serving()
    const spoofed = {
      'x-deadline-ms': '999999',
      'x-forwarded-for': '1.2.3.4',
      cookie: 'a=b',
      baggage: 'a=b',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    }
    await fetch('/v1/cart', { headers: { ...asGuest, ...spoofed } })
    await fetch('/trpc/carts.getCart', { headers: { ...asGuest, ...spoofed } })
    expect(sent).toHaveLength(2)
    for (const { headers } of sent)
      for (const name of Object.keys(spoofed)) expect(Object.keys(headers)).not.toContain(name)
  })

  test('passes a problem on with this request’s id and path', async () => {
    const problem = {
      type: 't',
      title: 'T',
      status: 409,
      detail: 'd',
      code: 'OUT_OF_STOCK',
      data: { lines: [] },
    }
    const { fetch } = serving(() => Response.json({ error: { data: { problem } } }, { status: 409 }))
    const response = await fetch('/v1/orders', post('{}'))
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const told = await problemOf(response)
    expect(told).toMatchObject({ ...problem, instance: '/v1/orders' })
    expect(told['requestId']).toBe(response.headers.get('x-request-id'))
  })

  test('a service that answers nonsense is UNAVAILABLE, and its words are not shown', async () => {
    const { fetch } = serving(() => new Response('panic at 10.0.0.1', { status: 502 }))
    const response = await fetch('/v1/products')
    expect(response.status).toBe(503)
    expect(JSON.stringify(await problemOf(response))).not.toContain('10.0.0.1')
  })

  test('what nobody foresaw is INTERNAL, and nothing of it is shown', async () => {
    const { fetch } = serving(() => Promise.reject(new Error('password of the database')))
    const response = await fetch('/v1/products')
    expect(response.status).toBe(500)
    const told = await problemOf(response)
    expect(told).toMatchObject({ code: 'INTERNAL', requestId: response.headers.get('x-request-id') })
    expect(JSON.stringify(told)).not.toContain('password')
  })

  test.each([
    ['no JSON', post('{"a":'), 400, 'MALFORMED_REQUEST'],
    ['not UTF-8', post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'MALFORMED_REQUEST'],
    ['no object', post('[1]'), 400, 'INVALID_INPUT'],
    ['text', post('{}', { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form',
      post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['too large', post(`{"a":"${'x'.repeat(bodyMaxBytes)}"}`), 413, 'BODY_TOO_LARGE'],
    ['a field of the path', post('{"orderId":"other"}'), 400, 'INVALID_INPUT'],
  ])('a body that is %s is refused before any service is asked', async (_what, init, status, code) => {
    const { fetch, sent } = serving()
    const response = await fetch('/v1/orders/o-1/cancel', init)
    expect(response.status).toBe(status)
    expect(await problemOf(response)).toMatchObject({ code, status, instance: '/v1/orders/o-1/cancel' })
    expect(sent).toEqual([])
  })

  test('a wrong method names those that can be used', async () => {
    const response = await serving().fetch('/v1/orders', { method: 'DELETE', headers: asGuest })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST, GET')
  })
})

describe('tRPC', () => {
  test('a call and a batch of one service go through untouched', async () => {
    const { fetch, sent } = serving(() => new Response('as it is'))
    const call = await fetch('/trpc/carts.addLine', post('{"quantity":1}'))
    expect(await call.text()).toBe('as it is')
    await fetch('/trpc/carts.getCart,carts.getCart?batch=1&input=%7B%7D', { headers: asGuest })
    expect(sent.map(({ path }) => path)).toEqual([
      '/trpc/carts.addLine',
      '/trpc/carts.getCart,carts.getCart?batch=1&input=%7B%7D',
    ])
    expect(new TextDecoder().decode(sent[0]?.body as Uint8Array)).toBe('{"quantity":1}')
  })

  test.each([
    ['/trpc/orders.getSnapshot', 404, 'NOT_FOUND'],
    ['/trpc/orders.getOrder%2Corders.getSnapshot', 404, 'NOT_FOUND'],
    ['/trpc/orders.getOrder,orders.getOrder', 404, 'NOT_FOUND'],
    ['/trpc/payments.receiveWebhook?batch=1', 404, 'NOT_FOUND'],
    [
      `/trpc/${Array.from({ length: 11 }, () => 'carts.getCart').join(',')}?batch=1`,
      400,
      'MALFORMED_REQUEST',
    ],
    ['/trpc/identity.getMe', 403, 'FORBIDDEN'],
  ])('%s is refused before any service is asked', async (path, status, code) => {
    const { fetch, sent } = serving()
    const response = await fetch(path, { headers: asGuest })
    expect(response.status).toBe(status)
    const body: unknown = await response.json()
    const [told] = (Array.isArray(body) ? body : [body]) as unknown[]
    expect(told).toMatchObject({ error: { data: { code, httpStatus: status, problem: { code, status } } } })
    expect(sent).toEqual([])
  })
})

describe('a wrong credential on tRPC', () => {
  const problem = { code: 'UNAUTHENTICATED', status: 401 }
  const told = { error: { data: { code: 'UNAUTHENTICATED', httpStatus: 401, problem } } }
  test.each([
    ['carts.getCart', told],
    ['carts.getCart,orders.listOrders?batch=1', [told, told]],
  ])('is told to each call of %s in the shape that its client reads', async (paths, wanted) => {
    const response = await serving().fetch(`/trpc/${paths}`, { headers: { authorization: 'Bearer old' } })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toMatchObject(wanted)
  })
})

describe('methods of tRPC', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    const { fetch, sent } = serving()
    const { status, headers } = await fetch('/trpc/carts.getCart', { method, headers: asGuest })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect(sent).toEqual([])
  })
})

const cached: Readonly<Record<string, string>> = {
  '/v1/products': 'public, max-age=5, stale-if-error=300',
  '/openapi.json': 'public, max-age=60',
}

describe('every answer', () => {
  test('of a page’s script or frame shows and runs nothing, and says nothing of https unless told', async () => {
    for (const path of ['/v1/products', '/v1/products', '/v1/cart', '/nowhere', '/trpc/carts.getCart']) {
      const { headers } = await serving().fetch(path)
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('strict-transport-security')).toBeNull()
    }
  })

  test('asks for https where the gateway is told to', async () => {
    const { fetch } = serveEdge(() => result({}), { hstsMaxAgeSeconds: 60 })
    for (const path of ['/v1/products', '/v1/products', '/nowhere'])
      expect((await fetch(path)).headers.get('strict-transport-security')).toBe(
        'max-age=60; includeSubDomains',
      )
  })

  test.each(['/healthz', '/v1/products', '/v1/cart', '/nowhere', '/trpc/no.such', '/openapi.json'])(
    'of %s has its id, is not cached unless it says so, and is what its type says',
    async (path) => {
      const { headers } = await serving().fetch(path)
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/)
      expect(headers.get('cache-control')).toBe(cached[path] ?? 'no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  test('keeps a client’s harmless request id and replaces any other', async () => {
    const { fetch } = serving()
    const given = async (id: string) =>
      (await fetch('/healthz', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await given('order-page-0001')).toBe('order-page-0001')
    for (const id of ['short', 'a'.repeat(65), '<script>alert(1)</script>'])
      expect(await given(id)).not.toBe(id)
  })
})

describe('webhooks', () => {
  test('are handed on as they came, with the headers of their signature only', async () => {
    const { fetch, webhooks } = serving()
    const body = '{ "spaces" :  "kept" }\n'
    const headers = { 'stripe-signature': 't=1,v1=a', 'x-other': 'b' }
    const response = await fetch('/webhooks/stripe', { method: 'POST', headers, body })
    expect(response.status).toBe(200)
    expect(webhooks).toEqual([{ body, headers: { 'stripe-signature': 't=1,v1=a' } }])
  })

  test('that are not UTF-8 or too large are refused', async () => {
    const { fetch, webhooks } = serving()
    const send = async (body: BodyInit) => (await fetch('/webhooks/carrier', { method: 'POST', body })).status
    expect(await send(new Uint8Array([0xff, 0xfe]))).toBe(400)
    expect(await send(new Uint8Array(bodyMaxBytes + 1))).toBe(413)
    expect(webhooks).toEqual([])
  })
})

test('metrics are for those who run the gateway, and for nobody behind a proxy', async () => {
  const { fetch, from } = serving(undefined, { metricsText: async () => 'a_metric 1' })
  expect(await (await from('10.0.0.7', '/metrics')).text()).toBe('a_metric 1')
  expect((await from('203.0.113.7', '/metrics')).status).toBe(404)
  expect((await from('10.0.0.7', '/metrics', { 'x-forwarded-for': '10.0.0.1' })).status).toBe(404)
  expect((await fetch('/metrics')).status).toBe(404)
})

test('a request for another host is refused before any service is asked, and no kept answer is told', async () => {
  const { fetch, sent } = serving(undefined, { hosts: new Set(['shop.example']) })
  const answer = await fetch('http://evil.example/v1/products')
  expect([answer.status, (await problemOf(answer))['code'], sent]).toEqual([421, 'MISDIRECTED', []])
  expect((await fetch('http://shop.example/v1/products')).status).toBe(200)
})

test('the description of the API is not there while it is switched off', async () => {
  let isOn = false
  const { fetch } = serving(undefined, { describesApi: () => isOn })
  const refused = await fetch('/openapi.json')
  expect([refused.status, (await problemOf(refused))['code']]).toEqual([404, 'NOT_FOUND'])
  isOn = true
  expect((await fetch('/openapi.json')).status).toBe(200)
})
