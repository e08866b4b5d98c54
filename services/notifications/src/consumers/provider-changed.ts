import type { providerLinked, providerUnlinked } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

type ProviderChanged = typeof providerLinked | typeof providerUnlinked

/** That a way to sign in has come or gone. */
export const onProviderChanged: Handler<ProviderChanged, Context> = async ({ ctx, tx, event }) => {
  const { userId, email, locale, name, provider } = event.data
  const plan = messages[event.type]
  const passwordRemoved = 'passwordRemoved' in event.data && event.data.passwordRemoved
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact: { email, locale },
    orderId: null,
    userId,
    payload: { template: plan.template, name, provider, passwordRemoved },
  })
}
