/** For how long what anybody may be told is told again. */
import type { Query } from '@comptoir/contracts/contract'
import { showsCredential } from './credentials/browser-cookie.ts'
import type { Operation } from './operations.ts'

export interface Freshness {
  readonly cacheSeconds: number
  /** For how much longer it may be told while its service fails. */
  readonly staleIfErrorSeconds: number
}

/** Whether everybody gets the same answer: the operation is a public read and nobody showed who they are. */
export const isForAnybody = (
  request: Pick<Request, 'headers'>,
  operation: Operation,
): operation is Operation & { readonly contract: Query } =>
  operation.contract.kind === 'query' &&
  operation.contract.access === 'public' &&
  !showsCredential(request.headers)

/** For how long the answers of an operation may be told again; undefined where they may not. */
export const freshnessOf = ({ cacheSeconds, staleIfErrorSeconds = 300 }: Query): Freshness | undefined =>
  cacheSeconds === undefined ? undefined : { cacheSeconds, staleIfErrorSeconds }

/** Of a batch: no longer than each of its answers may be told. */
export const shorter = (one: Freshness, other: Freshness): Freshness => ({
  cacheSeconds: Math.min(one.cacheSeconds, other.cacheSeconds),
  staleIfErrorSeconds: Math.min(one.staleIfErrorSeconds, other.staleIfErrorSeconds),
})

/** What clients, and caches between them and us, may do with an answer that was asked for without a credential. */
export const cacheControl = ({ cacheSeconds, staleIfErrorSeconds }: Freshness): string =>
  `public, max-age=${cacheSeconds}, stale-if-error=${staleIfErrorSeconds}`
