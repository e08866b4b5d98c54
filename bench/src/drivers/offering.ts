import type { Spread } from '../measure/percentiles.ts'
import type { Outgoing } from './request-bytes.ts'

/** What is sent: requests of a kind, taken in turn. */
export interface Kind {
  readonly name: string
  /** Of so many requests of all kinds, how many are of this one. */
  readonly weight: number
  readonly requests: readonly Outgoing[]
}

export interface Offering {
  readonly url: string
  readonly kinds: readonly Kind[]
  /** One request after another over so many connections, or so many requests a second whether they are answered or not. */
  readonly load: { readonly connections: number } | { readonly perSecond: number }
  readonly warmUpSeconds: number
  readonly seconds: number
  /** An answer that takes longer is of no use to anybody. */
  readonly usefulMs: number
}

export interface Offered {
  readonly sent: number
  /** Answers with a 2xx, in time. */
  readonly good: number
  /** Answers with a 503. */
  readonly refused: number
  /** Whatever else came of a request: a late answer, another status, none. */
  readonly failed: number
  /** Milliseconds of good answers, and of refusals, from when the request was due. */
  readonly latency: Spread
  readonly refusals: Spread
}

/** By the name of the kind. */
export type OfferedKinds = Readonly<Record<string, Offered>>
