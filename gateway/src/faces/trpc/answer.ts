/** Answers on tRPC's wire that the gateway gives by itself. */
import { problemOf, type ServiceError } from '@comptoir/contracts/errors'
import { challengeOf, refusalHeaders } from '../../problem.ts'

/** JSON-RPC codes as tRPC has them, by HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: -32600,
  401: -32001,
  403: -32003,
  404: -32004,
  405: -32005,
  408: -32008,
  409: -32009,
  413: -32013,
  415: -32015,
  429: -32029,
  503: -32053,
  504: -32054,
}

/** One call's error in tRPC's envelope. */
export const errorEnvelope = (path: string, error: ServiceError): object => {
  const problem = problemOf(error)
  return {
    error: {
      message: problem.detail,
      code: rpcCodes[problem.status] ?? -32603,
      data: { code: problem.code, httpStatus: problem.status, path, problem },
    },
  }
}

/** A longer list would be the client's to make us write; its links take one error that is no list as every call's. */
const listMax = 10

/** Answers the same error to every call of a request. */
export const answerErrors = (paths: readonly string[], error: ServiceError, isBatch: boolean): Response => {
  const envelopes = paths.slice(0, listMax).map((path) => errorEnvelope(path, error))
  return Response.json(isBatch && paths.length <= listMax ? envelopes : envelopes[0], {
    status: error.status,
    headers: errorHeaders(error),
  })
}

/** What an answer of the error’s status has in its head (RFC 9110, 10.2 and 11.6). */
export const errorHeaders = (error: ServiceError): Record<string, string> => ({
  ...(error.status === 405 ? { allow: trpcMethods.join(', ') } : {}),
  ...refusalHeaders(error, error.retryAfterSeconds),
})

/** The methods of tRPC: by which of them a procedure is called is its service’s to say. */
export const trpcMethods: readonly string[] = ['GET', 'POST']

/** The same of a service’s answer, which challenges nobody: those who ask it are services. */
export const errorHeadersOf = ({ status, headers }: Response): Record<string, string> => ({
  ...refusalHeaders({ status, code: 'UNAUTHENTICATED' }),
  ...Object.fromEntries(
    ['allow', 'retry-after'].flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  ),
})

const kept = new Set([
  'allow',
  'content-type',
  'content-encoding',
  'idempotency-replayed',
  'retry-after',
  'vary',
])

/**
 * A service's answer with only those headers that concern the client. It is the same object: a new one would make a stream
 * of a body that the runtime can hand on by itself.
 */
export const withEdgeHeaders = (response: Response): Response => {
  const { headers } = response
  // Quicker than their iterator, and a copy, so that they can be taken out meanwhile.
  for (const name of Object.keys(headers.toJSON())) if (!kept.has(name)) headers.delete(name)
  if (response.status === 401) headers.set('www-authenticate', challengeOf('UNAUTHENTICATED'))
  return response
}
