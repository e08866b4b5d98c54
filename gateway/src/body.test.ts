import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { readBody } from './body.ts'
import type { EdgeEnv } from './edge-context.ts'

const maxBytes = 1_000

/** Reads the body as a face does that has `ms` left for its answer. */
const read = async (request: Request, ms = 10_000): Promise<Uint8Array | undefined> => {
  let reading: Promise<Uint8Array | undefined> | undefined
  const face = new Hono<EdgeEnv>().all('*', async (c) => {
    c.set('deadlineAt', performance.now() + ms)
    reading = readBody(c, maxBytes)
    await reading
    return c.body(null)
  })
  await face.onError((_error, c) => c.body(null)).fetch(request)
  return reading
}

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

const refused = (request: Request, ms?: number): Promise<unknown> =>
  read(request, ms).then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  )

test('reads a body up to the limit, whether its length is declared or not', async () => {
  expect((await read(chunked(10, 100).request))?.byteLength).toBe(1_000)
  const declared = post(new Uint8Array(1_000), { 'content-length': '1000' })
  expect((await read(declared))?.byteLength).toBe(1_000)
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
  expect(await read(new Request('http://shop.example/'))).toBeUndefined()
  expect(await read(post(null))).toBeUndefined()
})

test('gives up a body that is not there in time', async () => {
  const silent = post(new ReadableStream<Uint8Array>({ pull: () => Promise.withResolvers<void>().promise }))
  expect(await refused(silent, 40)).toBe('REQUEST_TIMEOUT')
})
