import type { Ledger } from '../ledger.ts'
import type { Answer } from '../perform.ts'
import { StripeError } from './stripe-error.ts'

type Kept = { endpoint: string; fingerprint: string; status: number; body: string; created_at: number }
export type Claim = { key: string; endpoint: string; fingerprint: string }

const keptMs = 24 * 3600 * 1000
const keyLengthMax = 255

export const fingerprintOf = (endpoint: string, body: string): string =>
  new Bun.CryptoHasher('sha256').update(`${endpoint}\n${body}`).digest('hex')

const inFlightError = (key: string): StripeError =>
  new StripeError({
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  })

const mismatch = (key: string, kept: { endpoint: string }, endpoint: string): StripeError =>
  new StripeError({
    type: 'idempotency_error',
    message:
      kept.endpoint === endpoint
        ? `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
        : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${endpoint}' vs '${kept.endpoint}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  })

export type Idempotency = {
  // The kept answer of this key, or nothing where the call is the first; throws what Stripe would refuse with.
  open: (claim: Claim, now: number) => Answer | undefined
  close: (key: string) => void
  keep: (claim: Claim, answer: Answer, now: number) => void
}

export const createIdempotency = (ledger: Ledger): Idempotency => {
  const inFlight = new Map<string, Claim>()
  const check = (claim: Claim, first: { endpoint: string; fingerprint: string }): void => {
    if (first.fingerprint !== claim.fingerprint) throw mismatch(claim.key, first, claim.endpoint)
  }
  return {
    open: (claim, now) => {
      if (claim.key.length > keyLengthMax)
        throw new StripeError({ message: `Idempotency-Key must be at most ${keyLengthMax} characters.` })
      const running = inFlight.get(claim.key)
      if (running !== undefined) {
        check(claim, running)
        throw inFlightError(claim.key)
      }
      ledger.query('delete from idempotency_keys where created_at < ?').run(now - keptMs)
      const kept = ledger.query<Kept, [string]>('select * from idempotency_keys where key = ?').get(claim.key)
      if (kept === null) {
        inFlight.set(claim.key, claim)
        return undefined
      }
      check(claim, kept)
      return { status: kept.status, body: kept.body }
    },
    close: (key) => {
      inFlight.delete(key)
    },
    keep: ({ key, endpoint, fingerprint }, answer, now) => {
      ledger
        .query(
          `insert into idempotency_keys (key, endpoint, fingerprint, status, body, created_at)
           values ($key, $endpoint, $fingerprint, $status, $body, $now)`,
        )
        .run({
          key,
          endpoint,
          fingerprint,
          now,
          status: answer.status,
          body: JSON.stringify(answer.body, null, 2),
        })
    },
  }
}
