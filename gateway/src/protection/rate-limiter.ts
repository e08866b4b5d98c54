/**
 * Rate limits by the generic cell rate algorithm: one number a client, and one step a check that nothing can come between.
 * The numbers are this process's own, so that several gateways allow several times as much.
 */
import type { RateClass } from '@comptoir/contracts/settings'
import type { Limits } from './limits.ts'

export interface Taken {
  readonly rateClass: RateClass
  readonly isAllowed: boolean
  /** What could be asked at once now. */
  readonly remaining: number
  /** Until the whole quota is back where it was allowed; until this could be asked again where it was not. */
  readonly seconds: number
}

export interface RateLimiter {
  /** Takes `cost` of a client's quota; what is refused takes nothing. A cost of 0 only tells what is left, and is remembered of nobody. */
  take(rateClass: RateClass, client: string, cost: number): Taken
}

export interface RateLimiterOptions {
  /** Asked at each check, so that limits can change at any time. */
  readonly limits: () => Limits
  /** Milliseconds, of a clock that never goes back. */
  readonly now?: () => number
  /** How many clients are remembered at least; twice as many at most. */
  readonly clientsMax?: number
}

export const createRateLimiter = ({
  limits,
  now = () => performance.now(),
  clientsMax = 50_000,
}: RateLimiterOptions): RateLimiter => {
  // Two generations instead of a list in order of use: what was not asked for during a whole one is forgotten.
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  const put = (key: string, fullAt: number): void => {
    if (young.size >= clientsMax && !young.has(key)) {
      old = young
      young = new Map()
    }
    young.set(key, fullAt)
  }
  return {
    take: (rateClass, client, asked) => {
      const { quota, windowSeconds } = limits().rates[rateClass]
      const windowMs = windowSeconds * 1_000
      const eachMs = windowMs / quota
      // Nothing may cost more than there ever is.
      const cost = Math.min(asked, quota)
      const key = `${rateClass} ${client}`
      const at = now()
      const fullAt = Math.max(young.get(key) ?? old.get(key) ?? at, at)
      const missingMs = fullAt + cost * eachMs - at
      // A hair's breadth for what the division loses.
      const isAllowed = missingMs <= windowMs + 1e-6
      const usedMs = isAllowed ? missingMs : Math.min(fullAt - at, windowMs)
      // Whoever is refused is remembered too: they would be allowed again if they were forgotten.
      if (cost > 0) put(key, isAllowed ? at + missingMs : fullAt)
      return {
        rateClass,
        isAllowed,
        remaining: Math.floor((windowMs - usedMs) / eachMs + 1e-6),
        seconds: Math.max(1, Math.ceil((isAllowed ? missingMs : missingMs - windowMs) / 1_000 - 1e-6)),
      }
    },
  }
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateLimitHeaders = (
  { rateClass, remaining, seconds }: Taken,
  { rates }: Limits,
): { readonly policy: string; readonly state: string } => {
  const { quota, windowSeconds } = rates[rateClass]
  return {
    policy: `"${rateClass}";q=${quota};w=${windowSeconds}`,
    state: `"${rateClass}";r=${remaining};t=${seconds}`,
  }
}
