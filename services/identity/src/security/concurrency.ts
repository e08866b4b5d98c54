/** Runs at most `running` works at once and lets at most `waiting` wait; `whenFull` makes the error of any beyond. */
export const limitConcurrency = (limits: { running: number; waiting: number; whenFull: () => Error }) => {
  const queue: (() => void)[] = []
  let running = 0

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limits.running) {
      if (queue.length >= limits.waiting) throw limits.whenFull()
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      // The place is handed on as it is: nobody who comes now can slip in between.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
