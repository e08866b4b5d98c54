import { outbound } from '@comptoir/service-kit/outbound'
import { reveal, type Secret } from '@comptoir/service-kit/secret'
import { type CreateEmailResponse, Resend } from 'resend'
import type { Context } from '../context.ts'
import { type Outcome, outcomeOfStatus } from '../domain/outcome.ts'
import { UnknownOutcome, unknownOutcome } from './unknown-outcome.ts'

/** E-mail through Resend's SDK. The idempotency key makes a repetition within 24 hours the same mail. */
export const resendMailer = (account: {
  apiKey: Secret
  baseUrl: string
  from: string
}): Context['sendEmail'] => {
  const client = new Resend(reveal(account.apiKey), { baseUrl: account.baseUrl })
  return ({ id, to, subject, text, html }) =>
    outbound({ peer: 'resend', operation: 'send', timeoutMs: 15_000 }, async (signal) =>
      outcomeOf(
        await client.emails.send(
          { from: account.from, to, subject, text, html },
          { idempotencyKey: id, signal },
        ),
      ),
    ).catch(unknownOutcome)
}

const outcomeOf = ({ data, error }: CreateEmailResponse): Outcome => {
  if (error === null) return { kind: 'sent', providerId: data.id }
  // The key is known with another wording, as after a deployment between two tries: the first one was taken.
  if (error.name === 'invalid_idempotent_request') return { kind: 'sent', providerId: null }
  if (error.name === 'concurrent_idempotent_requests') throw new UnknownOutcome(error.name)
  const outcome = outcomeOfStatus(error.statusCode ?? 0, error.name)
  if (outcome.kind === 'unknown') throw new UnknownOutcome(outcome.reason)
  return outcome
}
