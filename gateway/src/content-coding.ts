/** Content codings (RFC 9110, 8.4.1) that answers may be told in. */
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'

export type Coding = 'zstd' | 'br' | 'gzip'

/** Below it the headers weigh more than what is saved. */
export const codedMinBytes = 1_024

/** Quick levels: most answers are told for some seconds only. */
const encoders: Readonly<Record<Coding, (body: string | Uint8Array) => Uint8Array<ArrayBuffer>>> = {
  zstd: (body) => new Uint8Array(zstdCompressSync(body)),
  br: (body) => new Uint8Array(brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })),
  gzip: (body) => new Uint8Array(gzipSync(body, { level: 5 })),
}
/** The best first, where the client likes several alike. */
const codings: readonly Coding[] = ['zstd', 'br', 'gzip']

export const encode = (body: string | Uint8Array, coding: Coding): Uint8Array<ArrayBuffer> =>
  encoders[coding](body)

/** The coding an `Accept-Encoding` likes best (12.5.3); undefined where it is to be told as it is. */
export const negotiateCoding = (acceptEncoding: string | null): Coding | undefined => {
  if (acceptEncoding === null || acceptEncoding === '') return undefined
  const weights = weightsOf(acceptEncoding)
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  // Plain is taken for the least liked of all unless something is said of it.
  const plain = weights.get('identity') ?? 0
  const best = codings.reduce<Coding | undefined>(
    (found, coding) => (weightOf(coding) > (found === undefined ? 0 : weightOf(found)) ? coding : found),
    undefined,
  )
  return best === undefined || weightOf(best) < plain ? undefined : best
}

const weightsOf = (acceptEncoding: string): ReadonlyMap<string, number> =>
  new Map(
    acceptEncoding.split(',').map((entry) => {
      const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
      // A weight that is none is no wish.
      return [name === 'x-gzip' ? 'gzip' : name, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0]
    }),
  )
