/**
 * When an instance that answers badly, or not at all, is passed over, and when it is tried again: whoever fails at once has
 * the fewest calls under way, and would be sent most of them.
 */

/** Failures one after another. */
const failuresMax = 3
const pauseMs = 5_000
/** Each further failure makes the pause longer, up to half a minute. */
const pausesMax = 6
/** As long as an entry lives that nobody refreshes. */
const silentMs = 15_000

export interface Ejection {
  /** Which time it has been ejected; goes to `answered` with what came of a call that begins now. */
  era(): number
  answered(era: number, well: boolean): void
  /**
   * Whether it is to be passed over. After the pause, and once it has been heard of, one call at a time tries it: until it
   * answers well, or fails again. `seenAt` is when it was heard of last.
   */
  isOut(seenAt: number, pending: number): boolean
}

/** Follows one instance. `now` in milliseconds. */
export const createEjection = (now: () => number = () => performance.now()): Ejection => {
  let failures = 0
  let ejections = 0
  let ejectedAt = 0
  return {
    era: () => ejections,
    answered: (era, well) => {
      // What was begun before it was ejected says no more than is known.
      if (era !== ejections) return
      if (well) {
        failures = 0
        ejections = 0
        return
      }
      failures += 1
      if (ejections === 0 && failures < failuresMax) return
      ejections += 1
      ejectedAt = now()
    },
    isOut: (seenAt, pending) => {
      if (ejections === 0) return false
      const longMs = pauseMs * Math.min(ejections, pausesMax)
      const outMs = seenAt > ejectedAt ? longMs : Math.max(longMs, silentMs)
      return pending > 0 || now() - ejectedAt < outMs
    },
  }
}
