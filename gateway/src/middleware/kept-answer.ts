/** Tells a kept answer again, before anything is asked of anybody; traced, counted and numbered like any other. */
import { SpanKind, trace } from '@opentelemetry/api'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { namesTag } from '../entity-tag.ts'
import { cacheControl } from '../freshness.ts'
import type { KeptAnswer, KeptAnswers } from '../kept-answers.ts'
import { publicText, tellText, type PublicText } from '../public-text.ts'
import { safetyHeaders } from './default-headers.ts'
import { createMeasure } from './measure.ts'
import { requestIdOf } from './request-id.ts'
import { linked, traceparentOf } from './trace.ts'
import { faultOf } from './well-formed.ts'

export const keptAnswer = (
  kept: KeptAnswers,
  hosts: ReadonlySet<string> | undefined,
): MiddlewareHandler<EdgeEnv> => {
  const measure = createMeasure()
  return function keptAnswer(c, next) {
    const fault = faultOf(c.req.raw, hosts)
    c.set('fault', fault)
    const answer = fault === undefined ? kept.find(c.req.raw) : undefined
    if (answer === undefined) return next()
    const startedAt = performance.now()
    const response = tell(c.req.raw.headers, answer, kept.ageOf(answer))
    const { status } = response
    measure({ method: 'GET', route: answer.route, status }, performance.now() - startedAt)
    return Promise.resolve(response)
  }
}

const tell = (asked: Headers, answer: KeptAnswer, ageSeconds: number): Response => {
  const text = textOf(answer)
  const status = namesTag(asked.get('if-none-match'), text.tag) ? 304 : 200
  const span = trace.getTracer('comptoir').startSpan(`GET ${answer.route}`, {
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': status, 'comptoir.kept': true },
  })
  linked(span, asked).end()
  return tellText(asked, text, {
    'cache-control': cacheControl(answer),
    age: String(ageSeconds),
    'x-request-id': requestIdOf(asked.get('x-request-id')),
    traceparent: traceparentOf(span),
    ...safetyHeaders,
  })
}

const texts = new WeakMap<KeptAnswer, PublicText>()

/** Tagged and compressed once for as long as the answer is kept. */
export const textOf = (answer: KeptAnswer): PublicText => {
  const known = texts.get(answer)
  if (known !== undefined) return known
  const { body, version, vary } = answer
  const text = publicText(body, { type: 'application/json', version, vary })
  texts.set(answer, text)
  return text
}
