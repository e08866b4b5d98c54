/**
 * A refusal of a whole request to /graphql, whoever makes it here. Its status is its own; of GraphQL’s own media type its
 * client knows that the body is ours and not of somebody between us (GraphQL over HTTP, 6.4).
 */
import type { ServiceError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import { problemFor, refusalHeaders } from '../../problem.ts'

export const refuseGraphql = (c: Context<EdgeEnv>, error: ServiceError): Response => {
  const problem = problemFor(error, c.get('requestId'), c.req.path)
  const { status, code, detail: message } = problem
  return new Response(JSON.stringify({ errors: [{ message, extensions: { code, problem } }] }), {
    status,
    headers: {
      'content-type': `${mediaTypeFor(c.req.header('accept') ?? '')}; charset=utf-8`,
      ...refusalHeaders(error, error.retryAfterSeconds),
      ...(status === 405 ? { allow: 'GET, POST' } : {}),
    },
  })
}

const own = 'application/graphql-response+json'

/** JSON to whoever takes that and has not heard of the other: without a wish, the one that says more. */
const mediaTypeFor = (accept: string): string =>
  /application\/json\s*([,;]|$)/i.test(accept) && !accept.toLowerCase().includes(own)
    ? 'application/json'
    : own
