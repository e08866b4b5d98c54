import type { MessageId, OrderId, UserId } from '@comptoir/contracts/ids'
import type { Message, MessageState } from '@comptoir/contracts/notifications/model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { messages } from './schema.ts'

export type NewMessage = Pick<
  typeof messages.$inferInsert,
  'id' | 'eventId' | 'channel' | 'recipient' | 'template' | 'locale' | 'payload' | 'createdAt' | 'traceparent'
> & { orderId: OrderId | null; userId: UserId | null }

/** Queues messages; one that its event has queued before is left as it is. */
export const insertMessages = async (tx: Transaction, rows: readonly NewMessage[]): Promise<void> => {
  if (rows.length === 0) return
  await tx
    .insert(messages)
    .values([...rows])
    .onConflictDoNothing()
}

/** A page of messages, newest first (ids rise with time), after the message `after`. */
export const listMessages = async (
  db: Queryable,
  filter: {
    orderId?: OrderId | undefined
    state?: MessageState | undefined
    after?: MessageId | undefined
    limit: number
  },
): Promise<Message[]> => {
  const { orderId, state, after, limit } = filter
  const rows = await db
    .select({
      id: messages.id,
      eventId: messages.eventId,
      template: messages.template,
      channel: messages.channel,
      locale: messages.locale,
      recipient: messages.recipient,
      state: messages.state,
      attempts: messages.attempts,
      orderId: messages.orderId,
      createdAt: messages.createdAt,
      sentAt: messages.sentAt,
    })
    .from(messages)
    .where(
      and(
        orderId === undefined ? undefined : eq(messages.orderId, orderId),
        state === undefined ? undefined : eq(messages.state, state),
        after === undefined ? undefined : lt(messages.id, after),
      ),
    )
    .orderBy(desc(messages.id))
    .limit(limit)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  }))
}

/** Deletes at most `limit` messages of over 90 days ago that were sent or have failed for good; tells how many. */
export const deleteOldMessages = async (db: Queryable, limit: number): Promise<number> => {
  const old = db
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        inArray(messages.state, ['sent', 'failed']),
        isNull(messages.runAt),
        lt(messages.createdAt, sql`now() - interval '90 days'`),
      ),
    )
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db.delete(messages).where(inArray(messages.id, old)).returning({ id: messages.id })
  return rows.length
}
