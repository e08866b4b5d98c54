/** Public reads over tRPC are kept at the edge as those over REST are; everything else passes unread. */
import type { Context } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import { cacheControl, freshnessOf, isForAnybody, shorter } from '../../freshness.ts'
import type { KeptAnswers } from '../../kept-answers.ts'
import type { Operation } from '../../operations.ts'
import { publicText, tellText } from '../../public-text.ts'
import { withEdgeHeaders } from './answer.ts'
import { variesBy } from './asks-for-stream.ts'

export interface Reading {
  readonly operations: readonly (Operation | undefined)[]
  readonly isStream: boolean
  readonly kept: KeptAnswers
}

/** Tells a service's answer and keeps it; undefined where nothing that anybody may be told is asked for. */
export const keepingRead = (
  c: Context<EdgeEnv>,
  { operations, isStream, kept }: Reading,
): ((response: Response) => Promise<Response>) | undefined => {
  const { raw } = c.req
  const [first] = operations
  if (raw.method !== 'GET' || isStream || first === undefined) return undefined
  const all = operations.map((operation) =>
    operation !== undefined && isForAnybody(raw, operation) ? freshnessOf(operation.contract) : undefined,
  )
  // As long as the shortest of them: a batch is told as one.
  const freshness = all.reduce((one, other) => one && other && shorter(one, other))
  if (freshness === undefined) return undefined
  const keep = kept.begin(raw, first.service)
  return async (response) => {
    if (response.status !== 200) return withEdgeHeaders(response)
    const body = await response.text()
    keep({ body, vary: variesBy, route: c.req.routePath, ...freshness })
    const text = publicText(body, { type: 'application/json', vary: variesBy })
    return tellText(raw.headers, text, { 'cache-control': cacheControl(freshness) })
  }
}
