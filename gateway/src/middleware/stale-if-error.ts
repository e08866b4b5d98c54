/** Tells an answer that has gone stale rather than a failure (RFC 5861), where its contract allows it and for so long. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { KeptAnswers } from '../kept-answers.ts'
import { tellText } from '../public-text.ts'
import { cacheControl, textOf } from './kept-answer.ts'

export const staleIfError = (kept: KeptAnswers): MiddlewareHandler<EdgeEnv> =>
  async function staleIfError(c, next) {
    await next()
    if (c.res.status < 500) return
    const answer = kept.findStale(c.req.raw)
    if (answer === undefined) return
    // What is assigned to an answer that is there gets its headers: its Retry-After is none of this one’s.
    c.res = undefined
    c.res = tellText(c.req.raw.headers, textOf(answer), {
      'cache-control': cacheControl(answer),
      age: String(kept.ageOf(answer)),
    })
  }
