import type { Clock } from '../clock.ts'
import { inTransaction } from '../ledger.ts'
import type { Channel } from './channel.ts'
import { bodyOf, recordAttempt, type DeliveryRow } from './delivery-table.ts'

const timeoutMs = 10_000
const backoffMs = 200
const backoffMaxMs = 30_000
const givesUpAfterMs = 3 * 24 * 3600 * 1000

const backoff = (attempts: number): number => Math.min(backoffMs * 2 ** Math.min(attempts, 20), backoffMaxMs)

type Outcome = { status: number | null; error: string | null }

type Letter = { headers: Record<string, string>; body: string }

const post = async (url: string, { headers, body }: Letter, stop: AbortSignal): Promise<Outcome> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Comptoir-Sandbox/1.0',
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stop]),
    })
    await answer.body?.cancel()
    return { status: answer.status, error: null }
  } catch (cause) {
    return { status: null, error: cause instanceof Error ? cause.name : 'unknown' }
  }
}

export type Sending = { channel: Channel; target: string; clock: Clock; stop: AbortSignal }

// One attempt of one delivery, signed afresh as the providers do, and recorded with what comes next.
export const send = async ({ channel, target, clock, stop }: Sending, row: DeliveryRow): Promise<boolean> => {
  const kept = bodyOf(channel.ledger, row.event_id)
  if (kept === null) return false
  const at = clock.now()
  const headers = channel.sign({ id: row.event_id, body: kept.body, now: at })
  const outcome = await post(new URL(channel.path, target).href, { headers, body: kept.body }, stop)
  if (stop.aborted) return false
  const arrived = outcome.status !== null && outcome.status >= 200 && outcome.status < 300
  const ended = arrived ? 'delivered' : at - row.created_at > givesUpAfterMs ? 'failed' : 'pending'
  const now = clock.now()
  inTransaction(channel.ledger, () => {
    recordAttempt(
      channel.ledger,
      { delivery: row.seq, at, ...outcome, duration_ms: now - at },
      { state: ended, next_at: now + backoff(row.attempts) },
    )
  })
  return arrived
}
