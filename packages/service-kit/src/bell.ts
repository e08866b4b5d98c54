/** A pause that can be cut short; a ring while nobody waits is kept for the next wait. */

export interface Bell {
  ring(): void
  /** Resolves when the bell rings, or after `ms`. */
  wait(ms: number): Promise<void>
}

export const createBell = (): Bell => {
  let rung = false
  let rouse = (): void => undefined
  return {
    ring: () => {
      rung = true
      rouse()
    },
    wait: async (ms) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        rouse = resolve
        await promise
        clearTimeout(timer)
      }
      rung = false
    },
  }
}
