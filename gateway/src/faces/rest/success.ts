/** The answer of a procedure that went well, as REST tells it. */
import { z } from 'zod'
import { entityTag } from '../../entity-tag.ts'
import type { Operation, Operations } from '../../operations.ts'

const opening = '{"result":{"data":'

/** The `data` of tRPC's envelope, cut out rather than parsed and written again. */
export const dataOf = (text: string): string =>
  text.startsWith(opening) && text.endsWith('}}')
    ? text.slice(opening.length, -2)
    : JSON.stringify((JSON.parse(text) as { result?: { data?: unknown } }).result?.data ?? null)

/** The version of the resource that the answer shows; undefined where it shows none. */
export const versionOf = ({ contract }: Operation, data: string): number | undefined => {
  if (!showsVersion(contract)) return undefined
  const { version } = JSON.parse(data) as { version?: unknown }
  return typeof version === 'number' ? version : undefined
}

/** Whether what comes out is one resource with a version. */
export const showsVersion = ({ output, kind }: Operation['contract']): boolean =>
  kind !== 'subscription' && output instanceof z.ZodObject && Object.hasOwn(output.shape, 'version')

interface Privately {
  readonly operation: Operation
  /** Whether what it creates can be got. */
  readonly isLocated: boolean
}

/** The answer to a caller who is known, or to a write: not for anybody else, and not to be kept. */
export const privateAnswer = (
  { operation, isLocated }: Privately,
  text: string,
  response: Response,
): Response => {
  const status = operation.contract.http?.status ?? 200
  const headers = new Headers()
  const replayed = response.headers.get('idempotency-replayed')
  if (replayed !== null) headers.set('idempotency-replayed', replayed)
  if (status === 204) return new Response(null, { status, headers })
  const data = dataOf(text)
  headers.set('content-type', 'application/json')
  // So that the next write can say which version it is for. It is no reason for a 304: nobody may keep this answer.
  const version = versionOf(operation, data)
  if (version !== undefined) headers.set('etag', entityTag(data, version))
  if (isLocated) setLocation(headers, operation, data)
  return new Response(data, { status, headers })
}

/** Those whose created resource is got below the path that it was made by. */
export const locatedOf = (operations: Operations): ReadonlySet<Operation> => {
  const all = [...operations.values()]
  const got = all.flatMap(({ contract: { http } }) => (http?.method === 'GET' ? http.path : []))
  const isGot = (path: string): boolean =>
    got.some((other) => other.startsWith(`${path}/`) && /^\{\w+\}$/.test(other.slice(path.length + 1)))
  return new Set(
    all.filter(
      ({ contract: { http, output } }) =>
        http?.status === 201 &&
        isGot(http.path) &&
        output instanceof z.ZodObject &&
        Object.hasOwn(output.shape, 'id'),
    ),
  )
}

const setLocation = (headers: Headers, operation: Operation, data: string): void => {
  const { id } = JSON.parse(data) as { id?: unknown }
  if (typeof id === 'string') headers.set('location', `${operation.contract.http?.path}/${id}`)
}
