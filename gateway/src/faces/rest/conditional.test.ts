import { describe, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { noVersion } from '@comptoir/contracts/version'
import { result, serveEdge } from '../../testing/serve-edge.ts'
import type { UpstreamRequest } from '../../upstream.ts'

const product = { id: 'p-1', name: 'Blue mug', description: 'Holds tea. '.repeat(200), version: 7 }
const mug = '/v1/products/blue-mug'
const staff = { authorization: 'Bearer staff' }
const serving = () => serveEdge(() => result(product))
const patch = (headers: Record<string, string>, body: object = { name: 'Mug' }): RequestInit => ({
  method: 'PATCH',
  headers: { ...staff, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const bodyOf = (request: UpstreamRequest | undefined) =>
  JSON.parse(request?.body as string) as Record<string, unknown>
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code

describe('a public read', () => {
  test('has a strong tag, the same whether it was asked for or kept, and is 304 to whoever has it', async () => {
    const { fetch, sent } = serving()
    const first = await fetch(mug)
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"v7\.[\w-]{22}"$/)
    expect((await fetch(mug)).headers.get('etag')).toBe(tag)
    for (const path of [mug, `${mug}?`]) {
      const again = await fetch(path, { headers: { 'if-none-match': tag } })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
      expect(again.headers.get('etag')).toBe(tag)
      expect(again.headers.get('cache-control')).toBe('public, max-age=5, stale-if-error=300')
      expect(again.headers.get('vary')).toBe('accept-encoding')
      expect(again.headers.get('content-type')).toBeNull()
    }
    expect(sent.length).toBe(2)
    expect((await fetch(mug, { headers: { 'if-none-match': '"v7.other"' } })).status).toBe(200)
  })

  test('of anything without a version has a tag too', async () => {
    const { fetch } = serveEdge(() => result({ items: [] }))
    const { headers } = await fetch('/v1/delivery-options')
    expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/)
    expect(headers.get('cache-control')).toBe('no-store')
    const again = await fetch('/v1/delivery-options', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  test('is compressed to whoever takes that, under a tag of its own that is known again', async () => {
    const { fetch } = serving()
    for (const kept of [false, true]) {
      const plain = await fetch(mug)
      const coded = await fetch(mug, { headers: { 'accept-encoding': 'gzip' } })
      expect([kept, coded.headers.get('content-encoding')]).toEqual([kept, 'gzip'])
      expect(coded.headers.get('vary')).toBe('accept-encoding')
      expect(coded.headers.get('etag')).not.toBe(plain.headers.get('etag'))
      expect(gunzipSync(await coded.arrayBuffer()).toString()).toBe(await plain.text())
      const headers = { 'accept-encoding': 'gzip', 'if-none-match': coded.headers.get('etag') ?? '' }
      expect((await fetch(mug, { headers })).status).toBe(304)
    }
  })

  test('that is short is not compressed', async () => {
    const { fetch } = serveEdge(() => result({ id: 'p-1', version: 1 }))
    const { headers } = await fetch(mug, { headers: { 'accept-encoding': 'gzip' } })
    expect(headers.get('content-encoding')).toBeNull()
  })
})

describe('an answer to a credential', () => {
  test('is never 304 and never compressed; its tag says which version it shows', async () => {
    const { fetch } = serving()
    const first = await fetch(mug, { headers: staff })
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toStartWith('"v7.')
    const again = await fetch(mug, { headers: { ...staff, 'if-none-match': tag, 'accept-encoding': 'br' } })
    expect(again.status).toBe(200)
    expect(again.headers.get('content-encoding')).toBeNull()
    expect(again.headers.get('cache-control')).toBe('no-store')
    expect(await again.json()).toEqual(product)
  })
})

describe('If-Match', () => {
  test('reaches the service as the version that it is for', async () => {
    const { fetch, sent } = serving()
    const tag = (await fetch(mug, { headers: staff })).headers.get('etag') ?? ''
    const response = await fetch('/v1/products/p-1', patch({ 'if-match': tag }))
    expect(response.status).toBe(200)
    expect(response.headers.get('etag')).toBe(tag)
    expect(bodyOf(sent.at(-1))).toEqual({ productId: 'p-1', name: 'Mug', version: 7 })
  })

  test('of a tag that nothing has is no version at all, and * is any', async () => {
    const { fetch, sent } = serving()
    await fetch('/v1/products/p-1', patch({ 'if-match': '"something"' }))
    await fetch('/v1/products/p-1', patch({ 'if-match': '*' }))
    expect(sent.map((request) => bodyOf(request)['version'])).toEqual([noVersion, undefined])
  })

  test('works on DELETE as well', async () => {
    const { fetch, sent } = serveEdge(() => result(null))
    const init = { method: 'DELETE', headers: { ...staff, 'if-match': '"v3.a"' } }
    expect((await fetch('/v1/products/p-1', init)).status).toBe(204)
    expect(bodyOf(sent[0])).toEqual({ productId: 'p-1', version: 3 })
  })

  test.each([
    ['is no tag', '/v1/products/p-1', patch({ 'if-match': 'v7' }), 'MALFORMED_REQUEST'],
    [
      'comes beside a version',
      '/v1/products/p-1',
      patch({ 'if-match': '"v7.a"' }, { version: 7 }),
      'INVALID_INPUT',
    ],
    [
      'the operation does not heed',
      '/v1/orders',
      { ...patch({ 'if-match': '"v7.a"' }), method: 'POST' },
      'MALFORMED_REQUEST',
    ],
  ])('that %s is refused before any service is asked', async (_what, path, init, code) => {
    const { fetch, sent } = serving()
    const response = await fetch(path, init)
    expect(response.status).toBe(400)
    expect(await codeOf(response)).toBe(code)
    expect(sent).toEqual([])
  })
})
