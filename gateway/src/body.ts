/** Request bodies, read whole and bounded, in size and in time. */
import { commonError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from './edge-context.ts'

/** Of the time that is left for the answer, so much may go by until the body is there. */
const share = 0.5

/**
 * The body's bytes; undefined when there is none. Throws BODY_TOO_LARGE as soon as more than `maxBytes` are known of, and
 * REQUEST_TIMEOUT where they take too long. Whoever sends slowly takes nobody's place meanwhile.
 */
export const readBody = async (
  c: Context<EdgeEnv>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const reading = readBytes(c.req.raw, maxBytes)
  if (reading === undefined) return undefined
  const place = c.get('place')
  // What has come along with the head is there by then, so that most requests never leave their place.
  const leaving = setImmediate(() => place?.leave())
  const bytes = await inTime(reading, (c.get('deadlineAt') - performance.now()) * share).finally(() =>
    clearImmediate(leaving),
  )
  if ((await place?.enter()) === false) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
  return bytes
}

/** Undefined where there is nothing to read. */
const readBytes = (request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> | undefined => {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return undefined
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw commonError('UNSUPPORTED_MEDIA_TYPE', { message: 'Compressed request bodies are not taken.' })
  }
  const declared = request.headers.get('content-length')
  if (declared === null) return readCounted(request.body, maxBytes)
  if (Number(declared) > maxBytes) throw tooLarge(maxBytes)
  return request.arrayBuffer().then((bytes) => new Uint8Array(bytes))
}

const inTime = async <T>(reading: Promise<T>, ms: number): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooSlow()), ms)
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

const readCounted = async (
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

const tooLarge = (maxBytes: number) =>
  commonError('BODY_TOO_LARGE', { message: `The body is larger than ${maxBytes} bytes.` })

const tooSlow = () => commonError('REQUEST_TIMEOUT', { message: 'The body took too long to arrive.' })
