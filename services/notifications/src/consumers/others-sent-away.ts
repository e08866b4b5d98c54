import type { passwordChanged, signedOutEverywhere } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

type OthersSentAway = typeof passwordChanged | typeof signedOutEverywhere

/** That whoever was signed in is not any more, and what lets somebody in all the same. */
export const onOthersSentAway: Handler<OthersSentAway, Context> = async ({ ctx, tx, event }) => {
  const { userId, email, locale, name, providers = [], machines = [] } = event.data
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: { email, locale },
    orderId: null,
    userId,
    payload: { template: plan.template, name, providers, machines },
  })
}
