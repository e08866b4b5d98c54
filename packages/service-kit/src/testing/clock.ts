/** A clock that stands still until the test moves it. */
import type { Clock } from '../clock.ts'

export interface FrozenClock extends Clock {
  advance(ms: number): void
}

/** `at` is an ISO 8601 moment. */
export const frozenClock = (at = '2026-01-05T10:00:00.000Z'): FrozenClock => {
  let ms = Date.parse(at)
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += by
    },
  }
}
