import { letterLivesMs } from './letter.ts'

/** So many tries in the window that ends now. */
export interface Limit {
  readonly attemptsMax: number
  readonly windowMs: number
}

/** Failed sign-ins one account may have, known account or not; of who is signed in to it, failed proofs, apart from those. */
export const throttle: Limit = { attemptsMax: 10, windowMs: 15 * 60_000 }

/** Failed proofs one session may have, however long they take: whoever has found it open guesses no further. */
export const proofTriesMax = 10

/** Letters with a link that one account is sent. */
export const letterThrottle: Limit = { attemptsMax: 5, windowMs: 60 * 60_000 }

/** Letters for a new password: who is sent no more of them has some that still work, whoever it was that asked for those. */
export const resetThrottle: Limit = { attemptsMax: 5, windowMs: letterLivesMs['password-reset'] }

/** When the oldest counted attempt leaves the window, in whole seconds from now and at least one. */
export const retryAfterSeconds = (oldestAttempt: Date, now: Date, { windowMs }: Limit): number =>
  Math.max(1, Math.ceil((oldestAttempt.getTime() + windowMs - now.getTime()) / 1000))
