/** The kit's tables, which every service has in its own database and creates with its own migrations. */
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
const moment = (name: string) => timestamp(name, { withTimezone: true })

/** Events that were committed with their change; the relay publishes them in the order of `position`. */
export const outbox = pgTable(
  'outbox',
  {
    /** Also the message id on the stream and the event's id. */
    id: uuid('id').primaryKey(),
    /** Rises by insertion; within one aggregate also by version, because a writer holds the aggregate's row lock. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    aggregate: text('aggregate').notNull(),
    aggregateId: text('aggregate_id').notNull(),
    aggregateVersion: integer('aggregate_version').notNull(),
    subject: text('subject').notNull(),
    payload: jsonb('payload').$type<unknown>().notNull(),
    headers: jsonb('headers').$type<{ traceparent?: string }>().notNull(),
    /** When it happened, by the service's clock. */
    occurredAt: moment('occurred_at').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    publishedAt: moment('published_at'),
    streamSequence: bigint('stream_sequence', { mode: 'number' }),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
  },
  (table) => [
    // One event of a kind for each version: a change that is applied twice fails here.
    uniqueIndex('outbox_aggregate_version_subject').on(
      table.aggregate,
      table.aggregateId,
      table.aggregateVersion,
      table.subject,
    ),
    // The relay's reading of what is to be published, and its lag.
    index('outbox_unpublished')
      .on(table.position)
      .where(sql`published_at is null`),
    // Retention.
    index('outbox_published')
      .on(table.publishedAt)
      .where(sql`published_at is not null`),
  ],
)

/** What each handler has done: a row stands for an effect that was committed with it. */
export const inbox = pgTable(
  'inbox',
  {
    consumer: text('consumer').notNull(),
    eventId: uuid('event_id').notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.consumer, table.eventId] }),
    // Retention.
    index('inbox_received').on(table.receivedAt),
  ],
)

const keyColumns = () => ({
  /** In the key, so that nobody can read another's stored answer. */
  principal: text('principal').notNull(),
  procedure: text('procedure').notNull(),
  key: text('key').notNull(),
  fingerprint: text('fingerprint').notNull(),
  /** Stays the same over retries and take-overs. */
  operationId: uuid('operation_id').notNull(),
  /** Who runs it now; changes with every claim, so that a run that lost its lease cannot store an answer. */
  owner: uuid('owner').notNull(),
  leaseUntil: moment('lease_until').notNull(),
  answer: jsonb('answer').$type<unknown>(),
  answeredAt: moment('answered_at'),
  createdAt: moment('created_at').notNull().defaultNow(),
})

const keyIndexes = (table: Record<'principal' | 'procedure' | 'key' | 'createdAt', AnyPgColumn>) => [
  primaryKey({ columns: [table.principal, table.procedure, table.key] }),
  // Retention.
  index('idempotency_keys_created').on(table.createdAt),
]

/** Claims and answers of idempotent mutations. */
export const idempotencyKeys = pgTable('idempotency_keys', keyColumns(), keyIndexes)

/** The same, where answers have to be found by what they are about: `redactAnswers`. */
export const idempotencyKeysByAnswer = pgTable('idempotency_keys', keyColumns(), (table) => [
  ...keyIndexes(table),
  // redactAnswers.
  index('idempotency_keys_answer')
    .on(sql`(answer->>'id')`)
    .where(sql`answer is not null`),
])

/** Messages that a handler will not get again by itself, kept until an operator redrives or discards them. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: uuid('id').primaryKey(),
    consumer: text('consumer').notNull(),
    stream: text('stream').notNull(),
    streamSequence: bigint('stream_sequence', { mode: 'number' }).notNull(),
    subject: text('subject').notNull(),
    /** Absent where the message could not be read. */
    eventId: uuid('event_id'),
    /** The message as it came; poison need not be JSON, nor even text. */
    payload: bytes('payload').notNull(),
    traceparent: text('traceparent'),
    /**
     * poison: cannot be read. refused: the handler said never. exhausted: tried as often as allowed. unknown: came to a
     * program that has no handler of it.
     */
    reason: text('reason').$type<'poison' | 'refused' | 'exhausted' | 'unknown'>().notNull(),
    /** Names and codes only; never a value of the payload. */
    error: text('error').notNull(),
    deliveries: integer('deliveries').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    redriveRequestedAt: moment('redrive_requested_at'),
    redrives: integer('redrives').notNull().default(0),
    resolvedAt: moment('resolved_at'),
    resolution: text('resolution').$type<'redriven' | 'discarded'>(),
    /** Why an operator discarded it, or what was done to it meanwhile. */
    note: text('note'),
  },
  (table) => [
    uniqueIndex('dead_letters_message').on(table.consumer, table.stream, table.streamSequence),
    // A message that comes again although it is dead: inbox.ts looks for it. Those without a handler: adoption.ts.
    index('dead_letters_event').on(table.consumer, table.eventId),
    // The redrive worker.
    index('dead_letters_redrive')
      .on(table.redriveRequestedAt)
      .where(sql`redrive_requested_at is not null`),
    // The operator's list.
    index('dead_letters_open')
      .on(table.createdAt)
      .where(sql`resolved_at is null`),
  ],
)

/** What is to be taken out of dead letters and published events, also out of dead letters that are stored later. */
export const redactions = pgTable(
  'redactions',
  {
    /** Of whom or what they speak, or name. */
    id: text('id').primaryKey(),
    /** Of which aggregate the events are that it goes for. */
    aggregate: text('aggregate'),
    fields: jsonb('fields').$type<Readonly<Record<string, unknown>>>().notNull(),
    notedAt: moment('noted_at').notNull().defaultNow(),
    /** When all that was there had been redacted. */
    appliedAt: moment('applied_at'),
  },
  (table) => [
    // The worker that applies them.
    index('redactions_open')
      .on(table.id)
      .where(sql`applied_at is null`),
    // Retention.
    index('redactions_applied')
      .on(table.appliedAt)
      .where(sql`applied_at is not null`),
  ],
)
