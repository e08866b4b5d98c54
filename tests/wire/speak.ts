// HTTP/1.1 by hand: sends these very bytes, and reads what comes back as strictly as RFC 9112 has it written.
import { connect } from 'node:net'

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Conversation {
  readonly answers: readonly WireAnswer[]
  /** Whether the other side has ended the connection. */
  readonly closed: boolean
  /** What came beside whole answers. */
  readonly rest: string
}

export interface Speaking {
  /** Ends once so many answers are there; otherwise only with the connection. */
  readonly answers?: number
  /** How long to listen at most. */
  readonly withinMs?: number
  /** Whether each piece waits for the answer to the one before. */
  readonly inTurn?: boolean
}

/** Sends the pieces one after another, each in a segment of its own, and listens. */
export const speak = async (
  url: string,
  pieces: readonly (string | Uint8Array)[],
  { answers, withinMs = 10_000, inTurn = false }: Speaking = {},
): Promise<Conversation> => {
  const { promise: ended, resolve: end } = Promise.withResolvers<boolean>()
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true })
  let heard = Buffer.alloc(0)
  let wake = (): void => undefined
  const tooLate = setTimeout(() => end(false), withinMs)
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    wake()
    if (answers !== undefined && read(heard).answers.length >= answers) end(false)
  })
  // Whoever is refused halfway may be reset: the close that follows says all there is to say.
  socket.on('error', () => undefined)
  socket.on('close', () => end(true))
  for (const [index, piece] of pieces.entries()) {
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    wake = () => {
      if (read(heard).answers.length > index) resolve()
    }
    await write(socket, piece)
    if (inTurn) await Promise.race([answered, ended])
  }
  const closed = await ended
  clearTimeout(tooLate)
  socket.destroy()
  return { ...read(heard), closed }
}

type Socket = ReturnType<typeof connect>

/** Resolves when the piece has left, so that the next goes by itself. */
const write = (socket: Socket, piece: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece, () =>
      setImmediate(resolve),
    )
  })

/** The whole answers in what was heard; interim ones are passed over. */
const read = (heard: Buffer): Omit<Conversation, 'closed'> => {
  const answers: WireAnswer[] = []
  let left = heard
  for (let answer = first(left); answer !== undefined; answer = first(left)) {
    if (answer.status >= 200) answers.push(answer)
    left = left.subarray(answer.length)
  }
  return { answers, rest: left.toString('latin1') }
}

const first = (bytes: Buffer): (WireAnswer & { length: number }) | undefined => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1] ?? Number.NaN)
  if (Number.isNaN(status)) return undefined
  const headers = Object.fromEntries(
    fields.map((field) => [field.split(':', 1)[0]?.toLowerCase() ?? '', field.replace(/^[^:]*:\s*/, '')]),
  )
  const from = end + 4
  if (headers['transfer-encoding'] === 'chunked') return chunked(bytes, { status, headers, from })
  const to = from + Number(headers['content-length'] ?? 0)
  if (bytes.length < to) return undefined
  return { status, headers, body: bytes.toString('utf8', from, to), length: to }
}

type Head = Pick<WireAnswer, 'status' | 'headers'> & { readonly from: number }

const chunked = (bytes: Buffer, { status, headers, from }: Head): ReturnType<typeof first> => {
  const parts: Buffer[] = []
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const to = lineEnd + 2 + size
    if (bytes.length < to + 2) return undefined
    if (size === 0) return { status, headers, body: Buffer.concat(parts).toString(), length: to + 2 }
    parts.push(bytes.subarray(lineEnd + 2, to))
    at = to + 2
  }
}
