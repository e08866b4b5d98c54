/** Tells an answer that has gone stale rather than a failure (RFC 5861), where its contract allows it and for so long. */
import { cacheControl } from '../freshness.ts'
import type { KeptAnswers } from '../kept-answers.ts'
import { tellText } from '../public-text.ts'
import { textOf } from './kept-answer.ts'

/** What may be told instead of a failure; undefined where nothing is kept. */
export const staleAnswer = (kept: KeptAnswers, request: Request): Response | undefined => {
  const answer = kept.findStale(request)
  if (answer === undefined) return undefined
  return tellText(request.headers, textOf(answer), {
    'cache-control': cacheControl(answer),
    age: String(kept.ageOf(answer)),
  })
}
