/** Request bodies, read whole and bounded. */
import { commonError } from '@comptoir/contracts/errors'

/** The body's bytes; undefined when there is none. Throws BODY_TOO_LARGE as soon as more than `maxBytes` are known of. */
export const readBody = async (
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return undefined
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw commonError('UNSUPPORTED_MEDIA_TYPE', { message: 'Compressed request bodies are not taken.' })
  }
  const declared = request.headers.get('content-length')
  if (declared === null) return readCounted(request.body, maxBytes)
  if (Number(declared) > maxBytes) throw tooLarge(maxBytes)
  return new Uint8Array(await request.arrayBuffer())
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
