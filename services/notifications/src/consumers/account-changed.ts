import type { EventContract } from '@comptoir/contracts/event'
import type { emailChangeAnnounced, passwordChanged } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

type Told = `identity.user.${'registered' | 'password_changed'}.v1`
type AccountChanged = EventContract<Told, 'user', typeof passwordChanged.data> | typeof emailChangeAnnounced

/** What is told of an account without a link; only the template differs. */
export const onAccountChanged: Handler<AccountChanged, Context> = async ({ ctx, tx, event }) => {
  const { email, locale, name } = event.data
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: { email, locale },
    orderId: null,
    payload: { template: plan.template, name },
  })
}
