export const accessTokenMs = 15 * 60_000
export const refreshTokenMs = 30 * 24 * 60 * 60_000

/** What the decision needs to know of a refresh token that somebody presents. */
export interface PresentedToken {
  readonly usedAt: Date | null
  readonly revokedAt: Date | null
  readonly expiresAt: Date
}

/**
 * A used token in somebody's hands means that two parties hold it, and nobody can tell which is the thief: the whole
 * family ends (RFC 9700, 4.14.2). That holds for an expired one as well, because its children may still be alive.
 */
export const judgeRefresh = (token: PresentedToken, now: Date): 'rotate' | 'refuse' | 'revoke-family' => {
  if (token.revokedAt !== null) return 'refuse'
  if (token.usedAt !== null) return 'revoke-family'
  return token.expiresAt > now ? 'rotate' : 'refuse'
}
