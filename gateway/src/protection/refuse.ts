/** A refusal of the edge itself as the face says it that was asked, without the trouble of a thrown error. */
import type { ServiceError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { refuseGraphql } from '../faces/graphql/refuse-graphql.ts'
import { answerErrors } from '../faces/trpc/answer.ts'
import { asksForStream } from '../faces/trpc/asks-for-stream.ts'
import { answerProblem, problemFor } from '../problem.ts'
import { namesIn } from './asked.ts'

export const refuse = (c: Context<EdgeEnv>, error: ServiceError): Response => {
  const { path } = c.req
  if (path === '/graphql') return refuseGraphql(c, error)
  if (!path.startsWith('/trpc/'))
    return answerProblem(problemFor(error, c.get('requestId'), path), error.retryAfterSeconds)
  // A client that streams reads a refusal of the whole batch as one error.
  const isList = c.req.query('batch') === '1' && !asksForStream(c.req.raw.headers)
  return answerErrors(namesIn(path).split(','), error, isList)
}
