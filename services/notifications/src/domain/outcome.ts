import type { MessageState } from '@comptoir/contracts/notifications/model'

/** How one try to send ended. `reason` is a code, never a text of the provider: those repeat addresses. */
export type Outcome =
  | { readonly kind: 'sent'; readonly providerId: string | null }
  /** The provider will never take it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The provider has certainly not taken it, but may later. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** It may or may not have been taken. */
  | { readonly kind: 'unknown'; readonly reason: string }

const backoffMs = [40_000, 60_000, 300_000, 1_800_000, 7_200_000] as const
export const attemptsMax = backoffMs.length + 1

/** After so many claims, nearly all of which ended with the sender's death, the message itself is suspected. */
export const claimsMax = 50

export interface Settlement {
  readonly state: MessageState
  /** Null: nothing more is tried. */
  readonly retryInMs: number | null
}

/** What becomes of a message after its `attempts`th try. A doubt that nobody could clear up ends as `unknown`. */
export const settle = (outcome: Outcome, attempts: number, backoffScale: number): Settlement => {
  if (outcome.kind === 'sent') return { state: 'sent', retryInMs: null }
  if (outcome.kind === 'refused') return { state: 'failed', retryInMs: null }
  const pause = backoffMs[attempts - 1]
  if (pause === undefined) {
    return { state: outcome.kind === 'unknown' ? 'unknown' : 'failed', retryInMs: null }
  }
  return { state: outcome.kind === 'unknown' ? 'unknown' : 'queued', retryInMs: pause * backoffScale }
}

/**
 * Reads the HTTP status of a provider that did not take a message. Refused credentials and limits are the operator's to
 * mend, and the message can go then; any other 4xx is about the message itself.
 */
export const outcomeOfStatus = (status: number, code: string): Outcome => {
  const reason = `${status}:${code}`
  if (status === 401 || status === 403 || status === 429) return { kind: 'unsent', reason }
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', reason }
  return { kind: 'unknown', reason }
}

/** Resend forgets an idempotency key 24 hours after its first use; an hour is kept as a margin for clocks. */
const keyLivesMs = 23 * 60 * 60_000

/** Whether an e-mail whose last try ended unknown may be sent again under its key. */
export const keyStillHolds = (firstAttemptAt: Date, now: Date): boolean =>
  now.getTime() - firstAttemptAt.getTime() < keyLivesMs
