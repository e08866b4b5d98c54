/** Failed sign-ins one account may have in the window that ends now, known account or not. */
export const throttle = { attemptsMax: 10, windowMs: 15 * 60_000 } as const

/** Letters with a link that one account is sent in the window that ends now. */
export const letterThrottle = { attemptsMax: 5, windowMs: 60 * 60_000 } as const

/** When the oldest counted attempt leaves the window, in whole seconds from now and at least one. */
export const retryAfterSeconds = (oldestAttempt: Date, now: Date): number =>
  Math.max(1, Math.ceil((oldestAttempt.getTime() + throttle.windowMs - now.getTime()) / 1000))
