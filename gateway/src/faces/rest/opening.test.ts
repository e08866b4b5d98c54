import { expect, test } from 'bun:test'
import { openStream } from './opening.ts'

const connected = 'event: connected\ndata: {}\n\n'
const refusal = 'event: serialized-error\ndata: {"code":-32004}\n\n'
const entry = (id: number) => `id: ${id}\ndata: {"id":"${id}"}\n\n`

/** A stream of these pieces; it stays open where told. */
const streamOf = (pieces: readonly string[], open = false): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      if (!open) controller.close()
    },
  })

const opened = async (pieces: readonly string[]) => {
  const { refusal, body } = await openStream(streamOf(pieces))
  return { refusal, text: refusal === undefined ? await new Response(body).text() : undefined }
}

test('finds a refusal that comes first, however it is cut into pieces', async () => {
  expect((await opened([connected, refusal])).refusal).toBe('{"code":-32004}')
  expect((await opened(`${connected}${refusal}`.split(''))).refusal).toBe('{"code":-32004}')
  expect((await opened([connected, 'event: ping\ndata: \n\n', refusal])).refusal).toBe('{"code":-32004}')
})

test('hands on every byte of a stream that is not refused, also what went wrong later', async () => {
  const pieces = [connected, entry(1), entry(2), refusal]
  expect(await opened(pieces)).toEqual({ refusal: undefined, text: pieces.join('') })
  expect(await opened(pieces.join('').split(''))).toEqual({ refusal: undefined, text: pieces.join('') })
  expect(await opened([])).toEqual({ refusal: undefined, text: '' })
})

test('does not keep a stream waiting that has nothing to tell yet', async () => {
  const { refusal: none, body } = await openStream(streamOf([connected], true))
  expect(none).toBeUndefined()
  const { value } = await body.getReader().read()
  expect(new TextDecoder().decode(value)).toBe(connected)
})
