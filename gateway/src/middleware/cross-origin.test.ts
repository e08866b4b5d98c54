import { describe, expect, test } from 'bun:test'
import { createKeptAnswers } from '../kept-answers.ts'
import { fakeBrowsers } from '../testing/browser.ts'
import { result, serveEdge } from '../testing/serve-edge.ts'

const shop = 'https://shop.example'
const serving = () => serveEdge(() => result({ items: [] }), { corsOrigins: [shop, 'http://localhost:3000'] })
const preflight = (origin: string, method = 'PATCH'): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,if-match,x-evil',
  },
})

test('nothing is said to any origin unless the configuration names it', async () => {
  const { headers, status } = await serveEdge(() => result({})).fetch('/v1/products', {
    headers: { origin: shop },
  })
  expect(status).toBe(200)
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

describe('a preflight', () => {
  test('of a named origin tells the methods and headers that it may use', async () => {
    const { fetch, sent } = serving()
    for (const path of ['/v1/me', '/trpc/carts.getCart']) {
      const { status, headers } = await fetch(path, preflight(shop))
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-origin')).toBe(shop)
      expect(headers.get('access-control-allow-methods')?.split(',')).toContain('PATCH')
      const allowed = headers.get('access-control-allow-headers')?.split(',') ?? []
      for (const name of ['authorization', 'idempotency-key', 'if-match', 'traceparent', 'last-event-id'])
        expect(allowed).toContain(name)
      expect(allowed).not.toContain('x-evil')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('vary')).toContain('Origin')
    }
    expect(sent).toEqual([])
  })

  test.each([
    'https://evil.example',
    'https://shop.example.evil',
    'http://shop.example',
    'null',
    'https://SHOP.example',
  ])('of %s is allowed nothing', async (origin) => {
    const { headers } = await serving().fetch('/v1/me', preflight(origin))
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('an answer', () => {
  test('to a named origin may be read, with the headers that say something; kept or not', async () => {
    const { fetch } = serving()
    for (const _ of [1, 2]) {
      const { headers } = await fetch('/v1/products', { headers: { origin: shop } })
      expect(headers.get('access-control-allow-origin')).toBe(shop)
      const exposed = headers.get('access-control-expose-headers')?.split(',') ?? []
      for (const name of [
        'etag',
        'x-request-id',
        'idempotency-replayed',
        'location',
        'ratelimit',
        'retry-after',
      ])
        expect(exposed).toContain(name)
      expect(headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
      expect(headers.get('vary')?.toLowerCase()).toContain('origin')
    }
  })

  test('to any other origin, or to none, says that it differs by origin and allows nothing', async () => {
    const { fetch } = serving()
    for (const headers of [{}, { origin: 'https://evil.example' }]) {
      const answer = await fetch('/v1/products', { headers })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.get('vary')).toContain('Origin')
    }
  })

  test.each([
    ['/v1/products', 200],
    ['/v1/cart', 401],
    ['/v1/nothing', 404],
    ['/trpc/catalog.listProducts?input=%7B%7D', 200],
    ['/trpc/carts.getCart?input=%7B%7D', 401],
    ['/trpc/nothing.here', 404],
    ['/graphql?query=%7B__typename%7D', 200],
    ['/graphql?query=%7B', 400],
    ['/session', 200],
    ['/healthz', 200],
    ['/openapi.json', 200],
    ['/docs', 200],
  ])(
    'of %s, which is %i, may be read by a named origin only, and says so to caches',
    async (path, status) => {
      const { fetch } = serveEdge(() => result({ items: [] }), {
        corsOrigins: [shop],
        browsers: fakeBrowsers(),
      })
      const told = async (origin?: string) => {
        const accept = { accept: 'application/graphql-response+json' }
        const answer = await fetch(path, { headers: origin === undefined ? accept : { ...accept, origin } })
        const vary = answer.headers.get('vary')?.toLowerCase().split(', ') ?? []
        return [answer.status, answer.headers.get('access-control-allow-origin'), vary.includes('origin')]
      }
      expect(await told(shop)).toEqual([status, shop, true])
      expect(await told('https://evil.example')).toEqual([status, null, true])
      expect(await told()).toEqual([status, null, true])
    },
  )

  test('that is stale, because its service fails, may be read as the fresh one was', async () => {
    let [fails, lateMs] = [false, 0]
    const kept = createKeptAnswers(() => performance.now() + lateMs)
    const answer = () => (fails ? new Response('broken', { status: 500 }) : result({ items: [] }))
    const { fetch } = serveEdge(answer, { corsOrigins: [shop], kept })
    const read = () => fetch('/v1/products', { headers: { origin: shop } })
    await read()
    fails = true
    lateMs = 6_000
    const { status, headers } = await read()
    expect([status, headers.get('age')]).toEqual([200, '6'])
    expect(headers.get('access-control-allow-origin')).toBe(shop)
    expect(headers.get('access-control-expose-headers')).toContain('age')
    expect(headers.get('vary')?.toLowerCase()).toBe('accept-encoding, origin')
  })
})

test('any other OPTIONS is a request like all others', async () => {
  const { fetch } = serving()
  expect((await fetch('/v1/cart', { method: 'OPTIONS', headers: { origin: shop } })).status).not.toBe(204)
})
