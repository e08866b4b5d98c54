// Shoppers who go on buying while a test does harm.

export interface Crowd {
  /** Aborts as soon as a visit goes wrong: then there is no use in going on. */
  readonly failed: AbortSignal
  /** Lets everybody finish what they are at; resolves with what went wrong for them. */
  leave(): Promise<unknown[]>
  /** How many visits have ended well. */
  served(): number
}

/** Has `atOnce` shoppers visit again and again; `visit` gets a number that counts up. One whose visit fails stays away. */
export const gather = (atOnce: number, visit: (nth: number) => Promise<unknown>): Crowd => {
  const failures: unknown[] = []
  const failed = new AbortController()
  const closing = new AbortController()
  let nth = 0
  let served = 0
  const shopper = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await visit(nth++)
      served += 1
    }
  }
  const leave = (failure: unknown): void => {
    failures.push(failure)
    failed.abort()
  }
  const everybody = Promise.all(Array.from({ length: atOnce }, () => shopper().catch(leave)))
  return {
    failed: failed.signal,
    leave: async () => {
      closing.abort()
      await everybody
      return failures
    },
    served: () => served,
  }
}
