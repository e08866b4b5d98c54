import { letterLivesMs } from './letter.ts'

/** So many tries in the window that ends now. */
export interface Limit {
  readonly attemptsMax: number
  readonly windowMs: number
}

/**
 * Failed sign-ins one account may have from one network, known account or not; of who is signed in to it, failed proofs,
 * apart from those.
 */
export const throttle: Limit = { attemptsMax: 10, windowMs: 15 * 60_000 }

/**
 * Failed sign-ins in a row that one account may have from all networks together from which nobody has lately signed in to it
 * (NIST SP 800-63B, 5.2.2: a hundred at most). A month stands for ever: rows have to go some time.
 */
export const strangersThrottle: Limit = { attemptsMax: 100, windowMs: 30 * 24 * 60 * 60_000 }

/** For how long a network is known from which somebody has signed in. */
export const networkKnownMs = 90 * 24 * 60 * 60_000

/** Failed proofs one session may have, however long they take: whoever has found it open guesses no further. */
export const proofTriesMax = 10

/** Letters with a link that one account is sent. */
export const letterThrottle: Limit = { attemptsMax: 5, windowMs: 60 * 60_000 }

/**
 * Letters for a new password: who is sent no more of them has some that still work, whoever it was that asked for those. As
 * many again may be asked for from each network from which somebody has lately signed in.
 */
export const resetThrottle: Limit = { attemptsMax: 5, windowMs: letterLivesMs['password-reset'] }

/** When the oldest counted attempt leaves the window, in whole seconds from now and at least one. */
export const retryAfterSeconds = (oldestAttempt: Date, now: Date, { windowMs }: Limit): number =>
  Math.max(1, Math.ceil((oldestAttempt.getTime() + windowMs - now.getTime()) / 1000))
