import { describe, expect, test } from 'bun:test'
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

  test('that is a refusal may be read too', async () => {
    const answer = await serving().fetch('/v1/cart', { headers: { origin: shop } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(shop)
  })
})

test('any other OPTIONS is a request like all others', async () => {
  const { fetch } = serving()
  expect((await fetch('/v1/cart', { method: 'OPTIONS', headers: { origin: shop } })).status).not.toBe(204)
})
