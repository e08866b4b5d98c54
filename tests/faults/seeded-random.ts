// Chance that can be repeated: the same seed gives the same choices.

/** Draws from lists with the generator mulberry32; a test prints the seed it took. */
export const seededRandom = (
  seed: number,
): { pick<T>(all: readonly T[]): T; between(low: number, high: number): number } => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    pick: (all) => {
      const picked = all[Math.floor(next() * all.length)]
      if (picked === undefined) throw new Error('There is nothing to pick from')
      return picked
    },
    between: (low, high) => low + next() * (high - low),
  }
}
