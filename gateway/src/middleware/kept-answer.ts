/** Tells a kept answer again, before anything is asked of anybody; traced, counted and numbered like any other. */
import { SpanKind, trace } from '@opentelemetry/api'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { KeptAnswer, KeptAnswers } from '../kept-answers.ts'
import { safetyHeaders } from './default-headers.ts'
import { createMeasure } from './measure.ts'
import { requestIdOf } from './request-id.ts'
import { outsideLinks, traceparentOf } from './trace.ts'

export const keptAnswer = (kept: KeptAnswers): MiddlewareHandler<EdgeEnv> => {
  const measure = createMeasure()
  return async function keptAnswer(c, next) {
    const answer = kept.find(c.req.raw)
    if (answer === undefined) return next()
    const startedAt = performance.now()
    const response = tell(c.req.raw.headers, answer, kept.ageOf(answer))
    measure({ method: 'GET', route: answer.route, status: 200 }, performance.now() - startedAt)
    return response
  }
}

const tell = (asked: Headers, answer: KeptAnswer, ageSeconds: number): Response => {
  const span = trace.getTracer('comptoir').startSpan(`GET ${answer.route}`, {
    kind: SpanKind.SERVER,
    links: outsideLinks(asked.get('traceparent')),
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200, 'comptoir.kept': true },
  })
  span.end()
  return new Response(answer.body, {
    headers: {
      'content-type': 'application/json',
      'cache-control': cacheControl(answer),
      age: String(ageSeconds),
      'x-request-id': requestIdOf(asked.get('x-request-id')),
      traceparent: traceparentOf(span),
      ...safetyHeaders,
    },
  })
}

/** What clients, and caches between them and us, may do with an answer that was asked for without a credential. */
export const cacheControl = ({
  cacheSeconds,
  staleIfErrorSeconds,
}: Pick<KeptAnswer, 'cacheSeconds' | 'staleIfErrorSeconds'>): string =>
  `public, max-age=${cacheSeconds}, stale-if-error=${staleIfErrorSeconds}`
