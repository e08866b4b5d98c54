import type { EventContract } from '@comptoir/contracts/event'
import type { emailVerificationRequested } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

type Asked = `identity.user.${'email_verification' | 'email_change' | 'password_reset'}_requested.v1`
type LetterRequested = EventContract<Asked, 'letter', typeof emailVerificationRequested.data>

/** What is told of an account with a link that works once. */
export const onLetterRequested: Handler<LetterRequested, Context> = async ({ ctx, tx, event }) => {
  const { email, locale, name, letterId } = event.data
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: { email, locale },
    orderId: null,
    payload: { template: plan.template, name, letterId },
  })
}
