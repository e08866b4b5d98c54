// The one way tests wait: for something that other processes are to bring about.

const glanceMs = 50

/** Asks until there is an answer. Throws after `withinMs`, naming what was awaited and what was wrong with the last ask. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 30_000,
): Promise<T> => {
  const giveUpAt = performance.now() + withinMs
  let last: unknown
  while (performance.now() < giveUpAt) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    await Bun.sleep(glanceMs)
  }
  throw new Error(`Waited ${withinMs} ms in vain: ${what}`, { cause: last })
}

/** Lets time pass where the time itself is what is tested, such as how long a server stays down. */
export const elapse = (ms: number): Promise<void> => Bun.sleep(ms)
