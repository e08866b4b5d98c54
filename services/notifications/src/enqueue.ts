import type { Contact } from '@comptoir/contracts/carts/model'
import type { MessageId, OrderId, UserId } from '@comptoir/contracts/ids'
import { redactedEmail } from '@comptoir/contracts/redacted'
import { PermanentError } from '@comptoir/service-kit/consumer'
import type { Transaction } from '@comptoir/service-kit/database'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Context } from './context.ts'
import { renewErasure } from './db/erasures.ts'
import { insertMessages } from './db/messages.ts'
import { aboutMoney, type Plan, warnings } from './domain/messages.ts'
import type { Payload } from './domain/payload.ts'
import { recipients } from './domain/recipients.ts'
import { senderOf } from './domain/senders.ts'

/** The order that a message is about, or else the person. */
type About = { readonly orderId: OrderId } | { readonly orderId: null; readonly userId: UserId }

/**
 * Queues what an event tells its customer, in the transaction that takes note of the event. Whoever was erased is told of
 * their orders by what is late: a refund may be heard of after its order has ended.
 */
export const enqueue = async (
  ctx: Context,
  tx: Transaction,
  told: { eventId: string; plan: Plan; contact: Contact; payload: Payload } & About,
): Promise<void> => {
  const { eventId, contact, orderId, payload } = told
  const userId = told.orderId === null ? told.userId : null
  if (contact.email === redactedEmail) return passOver(ctx, orderId, payload)
  const isErased = await renewErasure(tx, told.orderId === null ? told.userId : told.orderId)
  if (isErased && orderId === null && !warnings.has(payload.template)) return
  const createdAt = ctx.clock.now()
  const rows = recipients(told.plan.channels, contact).map(({ channel, recipient }) => ({
    id: ctx.ids.next<MessageId>(),
    eventId,
    channel,
    recipient,
    template: payload.template,
    locale: contact.locale ?? 'en',
    payload,
    orderId,
    userId,
    traceparent: currentTraceparent() ?? null,
    createdAt,
  }))
  await insertMessages(tx, rows)
  for (const { channel } of rows) ctx.wake(senderOf[channel])
}

/** The event was redacted itself, so that nobody is left to be told. */
const passOver = ({ log }: Context, orderId: OrderId | null, { template }: Payload): void => {
  if (aboutMoney.has(template))
    throw new PermanentError('Money has moved, and whoever is to be told was erased')
  log.warn('Nobody is told, because the recipient was erased', { orderId, template })
}
