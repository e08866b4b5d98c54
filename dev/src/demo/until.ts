// Waits for something that other processes are to bring about.

/** Asks until there is an answer. Throws after 30 s, naming what was awaited. */
export const until = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
  const giveUpAt = performance.now() + 30_000
  while (performance.now() < giveUpAt) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await Bun.sleep(50)
  }
  throw new Error(`Waited in vain: ${what}`)
}
