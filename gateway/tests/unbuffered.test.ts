// What passes through the edge is neither waited for nor put together first.
import { expect, test } from 'bun:test'
import { startEdge } from '../src/testing/listening-edge.ts'

const encoder = new TextEncoder()

test.each([
  ['a call', '/trpc/carts.getCart?input=%7B%7D'],
  ['a batch of one service', '/trpc/carts.getCart,carts.getCart?batch=1&input=%7B%7D'],
])(
  'the first bytes of the answer to %s reach the client before the service has its last',
  async (_what, path) => {
    const { promise: isRead, resolve: read } = Promise.withResolvers<void>()
    const pieces = ['{"result":', '{"data":{}}}']
    const edge = startEdge(() => {
      const start = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        controller.enqueue(encoder.encode(pieces[0]))
        await isRead
        controller.enqueue(encoder.encode(pieces[1]))
        controller.close()
      }
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void start(controller) })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    })
    try {
      const { body } = await fetch(`${edge.url}${path}`, { headers: { authorization: 'Bearer ada' } })
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
      expect((await reader?.read())?.value).toBe(pieces[0])
      read()
      expect((await reader?.read())?.value).toBe(pieces[1])
    } finally {
      await edge.stop()
    }
  },
)
