/**
 * Look-ups of public reads, kept where tRPC's and REST's answers are and under the same rules. Each is kept as the tRPC call
 * that it is, however many were sent together: what one face has asked for, the other tells too.
 */
import { freshnessOf, isForAnybody } from '../../freshness.ts'
import type { Asking, KeptAnswers } from '../../kept-answers.ts'
import type { Operation } from '../../operations.ts'
import { variesBy } from '../trpc/asks-for-stream.ts'

export interface LookUp {
  readonly operation: Operation
  /** Its input. */
  readonly json: string
}

export interface KeptLookUps {
  /** The envelope that may be told without asking. */
  find(lookUp: LookUp): string | undefined
  /** The envelope that may be told where its service fails. */
  findStale(lookUp: LookUp): string | undefined
  /** Begins a look-up; the function keeps its data. Undefined where that may not be kept. */
  begin(lookUp: LookUp): ((data: unknown) => void) | undefined
}

/** What the client of this request may be told, and what may be kept of it. */
export const keptLookUps = (kept: KeptAnswers, { headers }: Pick<Request, 'headers'>): KeptLookUps => {
  const freshness = ({ operation }: LookUp) =>
    isForAnybody({ headers }, operation) ? freshnessOf(operation.contract) : undefined
  const asking = ({ operation, json }: LookUp): Asking => ({
    method: 'GET',
    url: `http://edge/trpc/${operation.path}?input=${encodeURIComponent(json)}`,
    headers,
  })
  return {
    find: (lookUp) => (freshness(lookUp) === undefined ? undefined : kept.find(asking(lookUp))?.body),
    findStale: (lookUp) =>
      freshness(lookUp) === undefined ? undefined : kept.findStale(asking(lookUp))?.body,
    begin: (lookUp) => {
      const fresh = freshness(lookUp)
      if (fresh === undefined) return undefined
      const keep = kept.begin(asking(lookUp), lookUp.operation.service)
      return (data) =>
        keep({
          body: JSON.stringify({ result: { data } }),
          vary: variesBy,
          route: '/trpc/:paths{.+}',
          ...fresh,
        })
    },
  }
}
