// Shoppers who go on buying while a test does harm.

export interface Crowd {
  /** Lets everybody finish what they are at; resolves with what went wrong for them. */
  leave(): Promise<unknown[]>
  /** How many visits have ended well. */
  served(): number
}

/** Has `atOnce` shoppers visit again and again; `visit` gets a number that counts up. */
export const gather = (atOnce: number, visit: (nth: number) => Promise<unknown>): Crowd => {
  const failures: unknown[] = []
  let open = true
  let nth = 0
  let served = 0
  const shopper = async (): Promise<void> => {
    while (open) {
      try {
        await visit(nth++)
        served += 1
      } catch (error) {
        failures.push(error)
      }
    }
  }
  const everybody = Promise.all(Array.from({ length: atOnce }, shopper))
  return {
    leave: async () => {
      open = false
      await everybody
      return failures
    },
    served: () => served,
  }
}
