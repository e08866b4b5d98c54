/**
 * A bound on the calls to one service at once, for each priority: a slow service fills its own hold and no other. A call
 * is over when its answer begins: a service writes it in one piece once its work is done, and to watch every body would
 * cost each answer more than the rest of its way. The lines of a batch begin before the work: that call is over with its
 * last line, or at its deadline. A stream of events has no end to wait for: a few who listen would keep all others out.
 */
import type { Priority } from '@comptoir/contracts/contract'

export interface Bulkhead {
  /** False where the hold is full; `leave` after each true. */
  enter(priority: Priority): boolean
  leave(priority: Priority): void
  inside(): number
}

/** `max` is asked at each call. */
export const createBulkhead = (max: () => number): Bulkhead => {
  const inside: Record<Priority, number> = { checkout: 0, account: 0, browse: 0, crawl: 0 }
  return {
    enter: (priority) => {
      if (inside[priority] >= max()) return false
      inside[priority] += 1
      return true
    },
    leave: (priority) => {
      inside[priority] -= 1
    },
    inside: () => inside.checkout + inside.account + inside.browse + inside.crawl,
  }
}
