import type { Context } from '../context.ts'
import type { Claimed } from '../db/queue.ts'
import { claimsMax, keyStillHolds, type Outcome } from '../domain/outcome.ts'
import { unknownOutcome } from '../providers/unknown-outcome.ts'
import { renderEmail, renderSms } from '../templates/render.ts'

/** Tries once to send a message, so that it arrives at most once whatever became of the tries before. */
export const attempt = async (ctx: Context, message: Claimed): Promise<Outcome> => {
  if (message.leaseEpoch > claimsMax) return { kind: 'unknown', reason: 'exhausted' }
  return message.channel === 'email' ? attemptEmail(ctx, message) : attemptSms(ctx, message)
}

const attemptEmail = async (ctx: Context, message: Claimed): Promise<Outcome> => {
  const { inDoubt, firstAttemptAt } = message
  if (inDoubt && firstAttemptAt !== null && !keyStillHolds(firstAttemptAt, ctx.clock.now())) {
    return { kind: 'refused', reason: 'key_expired' }
  }
  const letter = renderEmail(message.payload, message.locale, ctx.shopName)
  const outcome = await ctx.sendEmail({ id: message.id, to: message.recipient, ...letter })
  // That this try was turned away says nothing of the one before.
  return inDoubt && outcome.kind === 'unsent' ? { ...outcome, kind: 'unknown' } : outcome
}

/** Twilio knows no idempotency key, so it is asked before anything is sent a second time. */
const attemptSms = async (ctx: Context, message: Claimed): Promise<Outcome> => {
  const sms = { to: message.recipient, body: renderSms(message.payload, message.locale, ctx.shopName) }
  if (!message.inDoubt) return ctx.sms.send(sms)
  const answer = await ctx.sms.find(sms).then((providerId) => ({ providerId }), unknownOutcome)
  if ('kind' in answer) return answer
  return answer.providerId === undefined ? ctx.sms.send(sms) : { kind: 'sent', providerId: answer.providerId }
}
