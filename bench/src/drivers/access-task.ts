export interface AccessTask {
  /** Tokens that were never seen before. */
  readonly fresh: number
  /** Looks at one that was. */
  readonly known: number
  /** Decisions about what somebody may do, over the rules of every operation. */
  readonly judged: number
}

/** Microseconds each. */
export interface AccessCosts {
  readonly uncached: number
  readonly cached: number
  readonly authorised: number
}
