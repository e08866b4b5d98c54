import type { Ledger } from '../ledger.ts'
import type { Answer } from '../perform.ts'
import { ResendError } from './resend-error.ts'

const keptMs = 24 * 3600 * 1000

type Kept = { fingerprint: string; status: number; body: string }

export type EmailKeys = {
  open: (key: string, fingerprint: string, now: number) => Answer | undefined
  close: (key: string) => void
  keep: (key: string, kept: { fingerprint: string; answer: Answer; now: number }) => void
}

export const createEmailKeys = (ledger: Ledger): EmailKeys => {
  const inFlight = new Set<string>()
  return {
    open: (key, fingerprint, now) => {
      if (key.length > 256)
        throw new ResendError(
          400,
          'invalid_idempotency_key',
          'The idempotency key must be between 1-256 chars.',
        )
      if (inFlight.has(key))
        throw new ResendError(
          409,
          'concurrent_idempotent_requests',
          'Same idempotency key used while original request is still in progress.',
        )
      ledger.query('delete from idempotency_keys where created_at < ?').run(now - keptMs)
      const kept = ledger.query<Kept, [string]>('select * from idempotency_keys where key = ?').get(key)
      if (kept === null) {
        inFlight.add(key)
        return undefined
      }
      if (kept.fingerprint !== fingerprint)
        throw new ResendError(
          409,
          'invalid_idempotent_request',
          'Same idempotency key used with a different request payload.',
        )
      return { status: kept.status, body: kept.body }
    },
    close: (key) => {
      inFlight.delete(key)
    },
    keep: (key, { fingerprint, answer, now }) => {
      ledger
        .query(
          'insert into idempotency_keys (key, fingerprint, status, body, created_at) values (?, ?, ?, ?, ?)',
        )
        .run(key, fingerprint, answer.status, JSON.stringify(answer.body), now)
    },
  }
}
