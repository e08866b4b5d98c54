/** The log of events that have no handler: after a step back to an older program there can be many of a subject. */
import type { Logger } from '../logger.ts'

/** Tells of one event of a subject. */
export type TellUnknown = (subject: string, eventId: string | undefined) => void

const everyMs = 60_000

/** Tells of the first event of each subject at once, and at most once a minute of how many have come since. */
export const createUnknownLog = (log: Logger, now: () => number = () => performance.now()): TellUnknown => {
  const told = new Map<string, { readonly at: number; since: number }>()
  return (subject, eventId) => {
    const last = told.get(subject)
    const events = (last?.since ?? 0) + 1
    if (last !== undefined && now() - last.at < everyMs) {
      last.since = events
      return
    }
    told.set(subject, { at: now(), since: 0 })
    log.error('Events are unknown to this program and left to a newer one as dead letters', {
      subject,
      events,
      eventId,
    })
  }
}
