import type { Holder } from './rights.ts'

const hourMs = 60 * 60_000
const idleMs = { shopper: 14 * 24 * hourMs, staff: 12 * hourMs }
const absoluteMs = 30 * 24 * hourMs

/** How old the note of when a session was last used may get. */
export const seenEveryMs = 60_000

/** Whatever is done with it, a session is over after this long, and somebody has to sign in again. */
export const lastDayOf = (createdAt: Date): Date => new Date(createdAt.getTime() + absoluteMs)

/** When a session is over that is not used again: much sooner where it can do much. */
export const expiryOf = (session: { createdAt: Date; seenAt: Date }, kind: Holder['kind']): Date => {
  const idle = kind === 'staff' || kind === 'admin' ? idleMs.staff : idleMs.shopper
  const last = lastDayOf(session.createdAt).getTime()
  return new Date(Math.min(last, session.seenAt.getTime() + idle))
}
