import type { MessageId } from '@comptoir/contracts/ids'
import type { Channel, MessageState } from '@comptoir/contracts/notifications/model'
import type { Locale } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Payload } from '../domain/payload.ts'

export { deadLetters, idempotencyKeys, inbox, outbox, redactions } from '@comptoir/service-kit/tables'

const moment = () => timestamp({ withTimezone: true })

export const messages = pgTable(
  'messages',
  {
    id: uuid().$type<MessageId>().primaryKey(),
    eventId: uuid().notNull(),
    channel: text().$type<Channel>().notNull(),
    recipient: text().notNull(),
    template: text().notNull(),
    locale: text().$type<Locale>().notNull(),
    payload: jsonb().$type<Payload>().notNull(),
    orderId: uuid(),
    /** Whom it is about, where it is about no order. */
    userId: uuid(),
    /** The trace of the event, which sending the message continues. */
    traceparent: text(),
    state: text().$type<MessageState>().notNull().default('queued'),
    attempts: integer().notNull().default(0),
    /** When it is due. While it is being sent, the end of the lease; null once nothing more is tried. */
    runAt: moment().defaultNow(),
    /** Rises with every claim: whoever lost the lease changes nothing any more. */
    leaseEpoch: integer().notNull().default(0),
    firstAttemptAt: moment(),
    providerId: text(),
    /** Why the last try did not succeed, as a code. */
    lastError: text(),
    createdAt: moment().notNull(),
    sentAt: moment(),
  },
  (table) => [
    // Each is told once on each channel of one event, whatever is delivered twice.
    uniqueIndex('messages_event_channel_recipient_key').on(table.eventId, table.channel, table.recipient),
    // Serves claimDue.
    index('messages_due_idx')
      .on(table.channel, table.runAt)
      .where(sql`run_at is not null`),
    // Serves listMessages and exportMessages by order.
    index('messages_order_idx').on(table.orderId, table.id),
    // Serves redactMessages and exportMessages.
    index('messages_user_idx').on(table.userId),
    // Serves listMessages by state.
    index('messages_state_idx').on(table.state, table.id),
    check('messages_channel_known', sql`${table.channel} in ('email', 'sms')`),
    check('messages_state_known', sql`${table.state} in ('queued', 'sending', 'unknown', 'sent', 'failed')`),
  ],
)

/** Users who were erased, and ended orders of theirs: nobody is told of them any more. */
export const erasedSubjects = pgTable(
  'erased_subjects',
  { id: uuid().primaryKey(), erasedAt: moment().notNull().defaultNow() },
  // Serves redactMessages.
  (table) => [index('erased_subjects_at_idx').on(table.erasedAt)],
)
