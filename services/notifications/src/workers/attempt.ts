import type { Context } from '../context.ts'
import type { Claimed } from '../db/queue.ts'
import { claimsMax, keyStillHolds, type Outcome } from '../domain/outcome.ts'
import { unknownOutcome } from '../providers/unknown-outcome.ts'
import { renderLinked } from '../templates/render-linked.ts'
import { renderEmail, renderSms } from '../templates/render.ts'
import { linkOf } from './link-of.ts'

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
  const outcome = await sendLetter(ctx, message)
  // That this try was turned away says nothing of the one before.
  return inDoubt && outcome.kind === 'unsent' ? { ...outcome, kind: 'unknown' } : outcome
}

const sendLetter = async (ctx: Context, { id, payload, locale, recipient }: Claimed): Promise<Outcome> => {
  if (!('letterId' in payload)) {
    return ctx.sendEmail({ id, to: recipient, ...renderEmail(payload, locale, ctx.shopName) })
  }
  const link = await linkOf(ctx, payload)
  if ('kind' in link) return link
  return ctx.sendEmail({
    id,
    to: recipient,
    ...renderLinked(payload, locale, { ...link, shopName: ctx.shopName }),
  })
}

/** Twilio knows no idempotency key, so it is asked before anything is sent a second time. */
const attemptSms = async (ctx: Context, message: Claimed): Promise<Outcome> => {
  const sms = { to: message.recipient, body: renderSms(message.payload, message.locale, ctx.shopName) }
  if (!message.inDoubt) return ctx.sms.send(sms)
  const answer = await ctx.sms.find(sms).then((providerId) => ({ providerId }), unknownOutcome)
  if ('kind' in answer) return answer
  return answer.providerId === undefined ? ctx.sms.send(sms) : { kind: 'sent', providerId: answer.providerId }
}
