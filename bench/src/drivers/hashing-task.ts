import type { Spread } from '../measure/percentiles.ts'

export interface Hashing {
  /** How many sign in at once. */
  readonly lanes: number
  readonly seconds: number
}

export interface Hashed {
  readonly perSecond: number
  /** How late the event loop was, in milliseconds. */
  readonly loopDelay: Spread
}
