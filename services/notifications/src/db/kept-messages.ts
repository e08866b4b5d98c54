import type { MessageId, OrderId, UserId } from '@comptoir/contracts/ids'
import type { ExportedMessage } from '@comptoir/contracts/notifications/model'
import type { Queryable } from '@comptoir/service-kit/database'
import { and, asc, eq, gt } from 'drizzle-orm'
import { messages } from './schema.ts'

/** What is kept of the messages about somebody or about an order, oldest first, after the message `after`. */
export const listKeptMessages = async (
  db: Queryable,
  about: { userId: UserId } | { orderId: OrderId },
  { after, limit }: { after: MessageId | undefined; limit: number },
): Promise<ExportedMessage[]> => {
  const whose = 'userId' in about ? eq(messages.userId, about.userId) : eq(messages.orderId, about.orderId)
  const rows = await db
    .select({
      id: messages.id,
      template: messages.template,
      channel: messages.channel,
      locale: messages.locale,
      recipient: messages.recipient,
      state: messages.state,
      orderId: messages.orderId,
      payload: messages.payload,
      createdAt: messages.createdAt,
      sentAt: messages.sentAt,
    })
    .from(messages)
    .where(and(whose, after && gt(messages.id, after)))
    .orderBy(asc(messages.id))
    .limit(limit)
  return rows.map(({ payload, createdAt, sentAt, ...row }) => ({
    ...row,
    name: 'name' in payload ? payload.name : null,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
  }))
}
