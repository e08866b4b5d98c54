/**
 * A circuit breaker: where most calls of late have failed, nobody is made to wait for another failure. Cockatiel's would
 * make everybody wait for the one probe, and its times are those of a clock that people set.
 */
import { createRecentCounts } from '@comptoir/service-kit/recent-counts'

/** `void`: the call tells nothing of the service, as where the client has left. */
export type Outcome = 'succeeded' | 'failed' | 'void'
export type BreakerState = 'closed' | 'open' | 'half-open'

export interface Breaker {
  /** Lets a call through; undefined where it is refused. What it returns goes to `leave`, once. */
  enter(): number | undefined
  leave(era: number, outcome: Outcome): void
  /** The service is not the one that failed any more: if it was given up, the next call is a probe. */
  renew(): void
  state(): BreakerState
  /** Milliseconds until a call may be tried; 0 where one may be now. */
  opensInMs(): number
}

const callsMin = 20
const failedShare = 0.5
const openForMs = 5_000

/**
 * Opens for 5 s, or until it is renewed, when half of at least 20 calls in 10 s have failed, or 20 one after another; then
 * one probe decides. `now` in milliseconds; `onChange` is told of each new state.
 */
export const createBreaker = (
  now: () => number = () => performance.now(),
  onChange: (state: BreakerState) => void = () => undefined,
): Breaker => {
  const counts = createRecentCounts(now)
  // What was begun before a change of state tells nothing of what is after it.
  let era = 0
  let state: BreakerState = 'closed'
  let openedAt = 0
  let inRow = 0
  const become = (next: BreakerState): void => {
    era += 1
    state = next
    counts.clear()
    inRow = 0
    if (next === 'open') openedAt = now()
    onChange(next)
  }
  const leftMs = (): number => (state === 'open' ? Math.max(0, openedAt + openForMs - now()) : 0)
  const count = (outcome: Outcome): void => {
    if (outcome === 'void') return
    counts.add(false)
    inRow = outcome === 'failed' ? inRow + 1 : 0
    if (inRow === 0) return
    counts.add(true)
    const [calls, failed] = [counts.all(), counts.marked()]
    if (calls < callsMin) return
    // What went well a moment ago must not keep everybody waiting for one that has died since.
    if (failed >= calls * failedShare || Math.min(failed, inRow) >= callsMin) become('open')
  }
  return {
    enter: () => {
      if (state === 'closed') return era
      if (state === 'half-open' || leftMs() > 0) return undefined
      become('half-open')
      return era
    },
    leave: (begun, outcome) => {
      if (begun !== era) return
      if (state === 'closed') count(outcome)
      else if (outcome === 'succeeded') become('closed')
      else if (outcome === 'failed') become('open')
      // The probe came to nothing: the next call is one.
      else state = 'open'
    },
    renew: () => {
      // The probe under way may be with the one that failed.
      if (state === 'half-open') become('open')
      openedAt = Number.NEGATIVE_INFINITY
    },
    state: () => state,
    opensInMs: leftMs,
  }
}
