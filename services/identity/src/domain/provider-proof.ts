/** What the clocks of two houses may differ by. */
const skewMs = 60_000

/**
 * When somebody has proved who they are by signing in at a provider: undefined where it does not say that they have done so
 * since they were asked to (OpenID Connect Core, 3.1.2.1 and 2: `max_age`, `auth_time`). Whoever finds a browser signed in
 * there proves nothing by that.
 */
export const provedAtOf = (
  authenticatedAt: Date | undefined,
  { askedAt, now }: { askedAt: Date; now: Date },
): Date | undefined => {
  const isSince = authenticatedAt !== undefined && authenticatedAt.getTime() >= askedAt.getTime() - skewMs
  if (!isSince) return undefined
  // From then on it grows old, however long the way back takes.
  return authenticatedAt < now ? authenticatedAt : now
}
