/**
 * How many requests at once are good for everybody, found by how long they take (the gradient of Netflix’s
 * concurrency-limits): as long as answers take what they usually take there may be more, and as they get slower fewer.
 */
export interface ConcurrencyLimit {
  readonly limit: number
  /** What an answer takes where nobody is in another’s way, in milliseconds; 0 before there was any. */
  readonly usualMs: number
}

/** What was seen since the last step. */
export interface Seen {
  readonly medianMs: number
  readonly inFlightMax: number
}

/** Answers that take less than this many times what they usually take are as fast as ever. */
const tolerance = 2
const steadiness = 0.8

/** The next limit. It stays where it is not made use of. */
export const nextLimit = (
  { limit, usualMs }: ConcurrencyLimit,
  { medianMs, inFlightMax }: Seen,
  { min, max }: { readonly min: number; readonly max: number },
): ConcurrencyLimit => {
  const usual = nextUsual(usualMs, medianMs)
  const bounded = Math.min(max, Math.max(min, limit))
  const gradient = Math.max(0.5, Math.min(1, (tolerance * usual) / Math.max(medianMs, 0.001)))
  if (gradient === 1 && inFlightMax < bounded / 2) return { limit: bounded, usualMs: usual }
  const aim = bounded * gradient + (gradient === 1 ? Math.sqrt(bounded) : 0)
  const next = bounded * steadiness + aim * (1 - steadiness)
  return { limit: Math.min(max, Math.max(min, next)), usualMs: usual }
}

/** Down at once, for nothing makes an answer quick by accident; up slowly, or a long overload would become the usual. */
const nextUsual = (usualMs: number, medianMs: number): number => {
  if (usualMs === 0) return medianMs
  return usualMs + (medianMs - usualMs) * (medianMs < usualMs ? 0.2 : 0.0005)
}
