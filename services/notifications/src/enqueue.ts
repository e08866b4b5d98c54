import type { Contact } from '@comptoir/contracts/carts/model'
import type { MessageId, OrderId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Context } from './context.ts'
import { insertMessages } from './db/messages.ts'
import type { Plan } from './domain/messages.ts'
import type { Payload } from './domain/payload.ts'
import { recipients } from './domain/recipients.ts'
import { senderOf } from './domain/senders.ts'

/** Queues what an event tells its customer, in the transaction that takes note of the event. */
export const enqueue = async (
  ctx: Context,
  tx: Transaction,
  told: { eventId: string; plan: Plan; contact: Contact; orderId: OrderId | null; payload: Payload },
): Promise<void> => {
  const { eventId, contact, orderId, payload } = told
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
    traceparent: currentTraceparent() ?? null,
    createdAt,
  }))
  await insertMessages(tx, rows)
  for (const { channel } of rows) ctx.wake(senderOf[channel])
}
