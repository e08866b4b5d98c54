/**
 * What holds for every request that no kept answer serves: an id, a deadline, a span, a metric, headers. One middleware
 * rather than one for each, because every layer costs as much as the work in it.
 */
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { routePath } from 'hono/route'
import type { EdgeEnv } from '../edge-context.ts'
import type { KeptAnswers } from '../kept-answers.ts'
import { addDefaultHeaders } from './default-headers.ts'
import { createMeasure } from './measure.ts'
import { requestIdOf } from './request-id.ts'
import { staleAnswer } from './stale-if-error.ts'
import { beginSpan, endSpan, traceparentOf } from './trace.ts'
import { answerFault } from './well-formed.ts'

export interface AroundOptions {
  readonly kept: KeptAnswers
  readonly requestTimeoutMs: number
}

export const around = ({ kept, requestTimeoutMs }: AroundOptions): MiddlewareHandler<EdgeEnv> => {
  const measure = createMeasure()
  return async function around(c, next) {
    const startedAt = performance.now()
    const { raw } = c.req
    const requestId = requestIdOf(raw.headers.get('x-request-id'))
    c.set('requestId', requestId)
    // Services are told how much of it is left.
    c.set('deadlineAt', startedAt + requestTimeoutMs)
    const span = beginSpan(raw)
    await context.with(trace.setSpan(ROOT_CONTEXT, span), () => answer(c, next, kept))
    const { status, headers } = c.res
    const answered = { method: raw.method, route: routePath(c, -1), status }
    measure(answered, performance.now() - startedAt)
    endSpan(span, answered)
    // Nobody waits for the rest of what came too late (RFC 9110, 15.5.9).
    if (status === 408) headers.set('connection', 'close')
    headers.set('traceparent', traceparentOf(span))
    headers.set('x-request-id', requestId)
    addDefaultHeaders(headers)
  }
}

/** What was taken of a quota was taken, whatever is told in the end. */
const rateHeaders = ['ratelimit', 'ratelimit-policy']

const answer = async (c: Context<EdgeEnv>, next: Next, kept: KeptAnswers): Promise<void> => {
  const fault = c.get('fault')
  if (fault !== undefined) {
    c.res = answerFault(c, fault)
    return
  }
  await next()
  const stale = c.res.status < 500 ? undefined : staleAnswer(kept, c.req.raw)
  if (stale === undefined) return
  // What is assigned to an answer that is there gets its headers: its Retry-After is none of this one’s.
  const told = rateHeaders.map((name) => [name, c.res.headers.get(name)] as const)
  c.res = undefined
  c.res = stale
  for (const [name, value] of told) if (value !== null) stale.headers.set(name, value)
}
