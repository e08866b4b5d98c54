import type {
  emailChangeAnnounced,
  secondFactorEnrolled,
  secondFactorRemoved,
  userRegistered,
} from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

type AccountChanged =
  | typeof userRegistered
  | typeof emailChangeAnnounced
  | typeof secondFactorEnrolled
  | typeof secondFactorRemoved

/** What is told of an account without a link; only the template differs. */
export const onAccountChanged: Handler<AccountChanged, Context> = async ({ ctx, tx, event }) => {
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
