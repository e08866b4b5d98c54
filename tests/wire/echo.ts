// A service that answers every call with what it was sent, and writes down each request as it lay on the wire.
import { createServer, type Socket } from 'node:net'

interface Heard {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Echo {
  readonly url: string
  readonly heard: Heard[]
  /** How many have left who asked for `unanswered` and waited. */
  left(): number
  stop(): Promise<void>
}

/** Reads by a parser of its own: the server of the gateway would find the same ends of requests as the gateway does. */
export const startEcho = async (): Promise<Echo> => {
  const heard: Heard[] = []
  const sockets = new Set<Socket>()
  let left = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    let bytes = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      for (let found = first(bytes); found !== undefined; found = first(bytes)) {
        bytes = bytes.subarray(found.length)
        if (found.request.target !== '/readyz') heard.push(found.request)
        if (found.request.target.includes('unanswered')) socket.on('close', () => (left += 1))
        else socket.write(answer(found.request))
      }
    })
  })
  const { promise: listening, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await listening
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    left: () => left,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      const { promise: closed, resolve: done } = Promise.withResolvers<void>()
      server.close(() => done())
      await closed
    },
  }
}

const answer = ({ method, target, body }: Heard): string => {
  const json = JSON.stringify({ result: { data: { method, target, body } } })
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}`
  return `${head}\r\n\r\n${json}`
}

const first = (bytes: Buffer): { request: Heard; length: number } | undefined => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n')
  const [method = '', target = ''] = line.split(' ')
  const headers = Object.fromEntries(
    fields.map((field) => [field.split(':', 1)[0]?.toLowerCase() ?? '', field.replace(/^[^:]*:\s*/, '')]),
  )
  const from = end + 4
  // The gateway reads a body whole and tells its length; a body in chunks would be heard as a request of its own.
  const length = from + Number(headers['content-length'] ?? 0)
  if (bytes.length < length) return undefined
  return { request: { method, target, headers, body: bytes.toString('utf8', from, length) }, length }
}
