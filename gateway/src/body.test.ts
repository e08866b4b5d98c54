import { expect, test } from 'bun:test'
import { readBody } from './body.ts'

const maxBytes = 1_000

const post = (body: BodyInit | null, headers: Record<string, string> = {}): Request =>
  new Request('http://shop.example/', { method: 'POST', body, headers })

/** A body that comes in pieces, as with chunked transfer: nothing says how long it will be. */
const chunked = (pieces: number, size: number): { request: Request; sent: () => number } => {
  let sent = 0
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent === pieces) return controller.close()
      sent += 1
      controller.enqueue(new Uint8Array(size))
    },
  })
  return { request: post(stream), sent: () => sent }
}

const refused = (request: Request): Promise<unknown> =>
  readBody(request, maxBytes).then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  )

test('reads a body up to the limit, whether its length is declared or not', async () => {
  expect((await readBody(chunked(10, 100).request, maxBytes))?.byteLength).toBe(1_000)
  const declared = post(new Uint8Array(1_000), { 'content-length': '1000' })
  expect((await readBody(declared, maxBytes))?.byteLength).toBe(1_000)
})

test('refuses a declared length above the limit without reading', async () => {
  const { request, sent } = chunked(10, 101)
  request.headers.set('content-length', '1010')
  expect(await refused(request)).toBe('BODY_TOO_LARGE')
  expect(sent()).toBeLessThanOrEqual(1)
})

test('counts an undeclared body and stops at the limit', async () => {
  const { request, sent } = chunked(10_000, 100)
  expect(await refused(request)).toBe('BODY_TOO_LARGE')
  expect(sent()).toBeLessThan(20)
})

test('takes no compressed body: what it would become is not known', async () => {
  expect(await refused(post('{}', { 'content-encoding': 'gzip' }))).toBe('UNSUPPORTED_MEDIA_TYPE')
})

test('has no body where the method has none', async () => {
  expect(await readBody(new Request('http://shop.example/'), maxBytes)).toBeUndefined()
  expect(await readBody(post(null), maxBytes)).toBeUndefined()
})
