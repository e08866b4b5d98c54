// HTTP/1.1 by hand on one kept connection, one request at a time: it costs a tenth of what fetch does, so that the
// driver takes little of the machine that it measures.
import type { Socket } from 'bun'

export interface Answer {
  readonly status: number
  readonly body: string
}

export interface Connection {
  /** Rejects when the connection breaks or nothing comes for ten seconds; it is opened anew for the next request. */
  send(request: Request): Promise<Answer>
  close(): void
}

interface Request {
  readonly bytes: Uint8Array
  /** Whether the body is wanted as text; that of a refusal always is. */
  readonly reads: boolean
}

const silenceMs = 10_000

interface Pending {
  readonly reads: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

interface State {
  socket: Socket | undefined
  pending: Pending | undefined
  received: Buffer | undefined
}

export const createConnection = (base: string): Connection => {
  const { hostname, port } = new URL(base)
  const state: State = { socket: undefined, pending: undefined, received: undefined }
  return {
    send: async ({ bytes, reads }) => {
      state.socket ??= await open(hostname, Number(port), state)
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      state.pending = { reads, resolve, reject }
      const late = setTimeout(() => fail(state, new Error('SILENCE')), silenceMs)
      // A request is smaller than a socket's buffer, so that it is written at once or not at all.
      if (state.socket.write(bytes) !== bytes.byteLength) fail(state, new Error('NOT_WRITTEN'))
      try {
        return await promise
      } finally {
        clearTimeout(late)
      }
    },
    close: () => void state.socket?.end(),
  }
}

const open = (hostname: string, port: number, state: State): Promise<Socket> =>
  Bun.connect({
    hostname,
    port,
    socket: {
      open: (socket) => void socket.setNoDelay(true),
      data: (_socket, chunk) => take(state, chunk),
      close: () => fail(state, new Error('CLOSED')),
      error: (_socket, error) => fail(state, error),
    },
  })

const fail = (state: State, error: Error): void => {
  const { socket, pending } = state
  state.socket = undefined
  state.pending = undefined
  state.received = undefined
  socket?.terminate()
  pending?.reject(error)
}

const take = (state: State, chunk: Buffer): void => {
  const received = state.received === undefined ? chunk : Buffer.concat([state.received, chunk])
  const { pending } = state
  const answer = pending === undefined ? undefined : answerIn(received, pending.reads)
  if (answer === undefined || pending === undefined) {
    // The chunk's memory is not ours once this returns.
    state.received = received === chunk ? Buffer.from(chunk) : received
    return
  }
  state.received = undefined
  state.pending = undefined
  pending.resolve(answer)
}

const headEnd = Buffer.from('\r\n\r\n')

const answerIn = (bytes: Buffer, reads: boolean): Answer | undefined => {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const from = end + headEnd.length
  const shown = reads || status > 299
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const to = from + Number(length)
    return bytes.length < to ? undefined : { status, body: shown ? bytes.toString('utf8', from, to) : '' }
  }
  if (status === 204 || status === 304) return { status, body: '' }
  const body = chunked(bytes.subarray(from))
  return body === undefined ? undefined : { status, body: shown ? body.toString() : '' }
}

/** The body of a chunked answer; undefined until its last chunk is there. */
const chunked = (bytes: Buffer): Buffer | undefined => {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const from = lineEnd + 2
    if (bytes.length < from + size + 2) return undefined
    if (size === 0) return Buffer.concat(parts)
    parts.push(bytes.subarray(from, from + size))
    at = from + size + 2
  }
}
