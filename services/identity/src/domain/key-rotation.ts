import { accessTokenMs } from './session.ts'

/** A gateway loads the keys every five minutes, and those who verify tokens by themselves may keep them as long again. */
const publishedMs = 10 * 60_000

/** How long an instance may take to notice that another key signs, and how much clocks may differ. */
const graceMs = 2 * 60_000

export interface KeyTimes {
  readonly kid: string
  readonly signsFrom: Date
}

/**
 * From when the next key signs and until when the current one is believed. With `atOnce` it signs before others have
 * heard of it; gateways ask for a key that they do not know.
 */
export const planRotation = (now: Date, { atOnce }: { atOnce: boolean }) => {
  const signsFrom = new Date(now.getTime() + (atOnce ? 0 : publishedMs))
  return { signsFrom, verifiesUntil: new Date(signsFrom.getTime() + graceMs + accessTokenMs) }
}

/** The key that waits for its time, if there is one. */
export const waitingKey = <K extends KeyTimes>(keys: readonly K[], now: Date): K | undefined =>
  keys.find((key) => key.signsFrom > now)
