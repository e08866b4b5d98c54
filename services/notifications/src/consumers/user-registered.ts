import type { userRegistered } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

export const onUserRegistered: Handler<typeof userRegistered, Context> = async ({ ctx, tx, event }) => {
  const { userId, email, locale, name } = event.data
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: { email, locale },
    orderId: null,
    userId,
    payload: { template: plan.template, name },
  })
}
