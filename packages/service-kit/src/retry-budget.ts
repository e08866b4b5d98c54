/** How many calls of a service may be repeated: a tenth of those of the last ten seconds, so that a sick service gets no
 * more to do than a well one. */
import { createRecentCounts } from './recent-counts.ts'

export interface RetryBudget {
  called(): void
  /** Takes one repetition; false where there is none left. */
  take(): boolean
}

const share = 0.1
/** Where hardly anybody calls, a tenth would be nothing. */
const atLeast = 3

export const createRetryBudget = (now: () => number = () => performance.now()): RetryBudget => {
  const counts = createRecentCounts(now)
  return {
    called: () => counts.add(false),
    take: () => {
      const isLeft = counts.marked() < Math.max(atLeast, Math.floor(counts.all() * share))
      if (isLeft) counts.add(true)
      return isLeft
    },
  }
}
