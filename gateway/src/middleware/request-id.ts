/** Every answer has an `x-request-id`; a client's own is kept where it is harmless. */

/** The client's own id, or a new one. */
export const requestIdOf = (given: string | null): string =>
  given !== null && /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID()
