/** The input of a procedure, put together from a REST request: path, then query or body. */
import { commonError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import { readBody } from '../../body.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import { versionIn } from '../../entity-tag.ts'
import { refuseDeep } from '../../json-depth.ts'
import type { Operation } from '../../operations.ts'
import { searchOf } from '../../search-of.ts'
import { coerceQuery } from './coerce.ts'

export interface RestRequest {
  readonly c: Context<EdgeEnv>
  readonly params: Readonly<Record<string, string>>
  readonly bodyMaxBytes: number
}

/** Reads the input of an operation. A field that the path gives cannot be given again; the service validates the rest. */
export const readInput = async (
  operation: Operation,
  request: RestRequest,
): Promise<Record<string, unknown>> => {
  const query = coerceQuery(new URLSearchParams(searchOf(request.c.req.raw.url)), operation.contract.input)
  const hasBody = request.c.req.raw.method !== 'GET' && request.c.req.raw.method !== 'DELETE'
  const body = hasBody ? await readJsonObject(request) : {}
  const given = { ...query, ...body }
  const expected = expectedVersion(operation, request.c.req.raw.headers.get('if-match'))
  refuseDoubled(given, request.params, 'This field is taken from the path')
  refuseDoubled(given, expected, 'This field is taken from If-Match')
  return { ...given, ...request.params, ...expected }
}

const refuseDoubled = (given: object, elsewhere: object, message: string): void => {
  const fields = Object.keys(given)
    .filter((name) => Object.hasOwn(elsewhere, name))
    .map((name) => ({ pointer: `/${name}`, message }))
  if (fields.length > 0) throw commonError('INVALID_INPUT', { fields })
}

/** A write that cannot heed `If-Match` must not go in as if it had. */
const expectedVersion = ({ contract }: Operation, ifMatch: string | null): { version?: number } => {
  if (ifMatch === null || contract.kind !== 'mutation') return {}
  const version = versionIn(ifMatch)
  if (version === undefined) return {}
  if (contract.concurrency === 'version') return { version }
  throw commonError('MALFORMED_REQUEST', { message: 'If-Match is not taken by this operation.' })
}

const readJsonObject = async ({ c, bodyMaxBytes }: RestRequest): Promise<Record<string, unknown>> => {
  const bytes = await readBody(c, bodyMaxBytes)
  if (bytes === undefined || bytes.byteLength === 0) return {}
  const type = c.req.raw.headers.get('content-type') ?? ''
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) throw commonError('UNSUPPORTED_MEDIA_TYPE')
  refuseDeep(bytes)
  const body = parseJson(bytes)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  throw commonError('INVALID_INPUT', { fields: [{ pointer: '', message: 'Expected a JSON object' }] })
}

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw commonError('MALFORMED_REQUEST', { message: 'The body is not valid JSON in UTF-8.' })
  }
}
