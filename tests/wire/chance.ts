// Chance for the tests on the wire: seeded, and told, so that what once failed can be seen again.
import { seededRandom } from '../faults/seeded-random.ts'

export interface Chance {
  readonly seed: number
  pick<T>(all: readonly T[]): T
  /** A whole number from 0 to below `end`. */
  below(end: number): number
}

/** The seed is that of the environment's variable FUZZ_SEED, or any. */
export const createChance = (): Chance => {
  const given = Number(process.env['FUZZ_SEED'])
  const seed = Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 2 ** 31)
  const { pick, between } = seededRandom(seed)
  return { seed, pick, below: (end) => Math.floor(between(0, end)) }
}
