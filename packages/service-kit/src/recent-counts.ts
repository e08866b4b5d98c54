/** Two counts over the last ten seconds, in steps of one: memory and cost do not grow with what is counted. */

export interface RecentCounts {
  /** How much there was of each within the window. */
  all(): number
  marked(): number
  add(marked: boolean): void
  clear(): void
}

const stepMs = 1_000
const steps = 10

/** `now` in milliseconds, of a clock that never goes back. */
export const createRecentCounts = (now: () => number): RecentCounts => {
  const counted = new Uint32Array(steps)
  const marks = new Uint32Array(steps)
  let latest = Math.floor(now() / stepMs)
  const turn = (): number => {
    const step = Math.floor(now() / stepMs)
    for (let gone = Math.max(latest + 1, step - steps + 1); gone <= step; gone += 1) {
      counted[gone % steps] = 0
      marks[gone % steps] = 0
    }
    latest = step
    return step % steps
  }
  const sum = (counts: Uint32Array): number => {
    turn()
    return counts.reduce((total, count) => total + count, 0)
  }
  const increase = (counts: Uint32Array, slot: number): void => {
    counts[slot] = (counts[slot] ?? 0) + 1
  }
  return {
    all: () => sum(counted),
    marked: () => sum(marks),
    add: (marked) => increase(marked ? marks : counted, turn()),
    clear: () => {
      counted.fill(0)
      marks.fill(0)
    },
  }
}
