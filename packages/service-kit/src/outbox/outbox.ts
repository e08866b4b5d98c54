/** The outbox: an event is written with the change that it tells of, or not at all. */
import type { Occurrence } from '@comptoir/contracts/event'
import { sql } from 'drizzle-orm'
import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import type { Clock } from '../clock.ts'
import type { Transaction } from '../database.ts'
import type { Ids } from '../ids.ts'
import { statement } from '../prepared.ts'

export type Emit = (tx: Transaction, occurrences: readonly Occurrence[]) => Promise<void>

export interface EmitOptions {
  readonly clock: Clock
  readonly ids: Ids
  /** The emitting service; its events' subjects begin with it. */
  readonly source: string
}

/**
 * Makes the function that writes events, one statement for all. The aggregate's row must be locked or written before in
 * the same transaction, so that events of an aggregate are stored in the order of its versions. Throws where data does
 * not fit its contract, or a version has had that event before: both are programming errors.
 */
export const createEmit = (options: EmitOptions): Emit => {
  return async (tx, occurrences) => {
    if (occurrences.length === 0) return
    const rows = occurrences.map((occurrence) => rowOf(occurrence, options))
    await insertRows(tx, { rows: JSON.stringify(rows) })
  }
}

// The set gives its rows in the order of the array, which is the order of their positions.
const insertRows = statement(sql`
  insert into outbox
    (id, aggregate, aggregate_id, aggregate_version, subject, payload, headers, occurred_at)
  select id, aggregate, "aggregateId", "aggregateVersion", subject, payload, headers, "occurredAt"
  from jsonb_to_recordset(${sql.placeholder('rows')}::jsonb) as event(
    id uuid, aggregate text, "aggregateId" text, "aggregateVersion" int, subject text, payload jsonb, headers jsonb,
    "occurredAt" timestamptz)`)

const rowOf = ({ event, aggregateId, version, data }: Occurrence, { clock, ids, source }: EmitOptions) => {
  if (!event.subject.startsWith(`${source}.`)) throw new Error(`${source} cannot emit ${event.subject}`)
  return {
    id: ids.next(),
    aggregate: event.aggregate,
    aggregateId,
    aggregateVersion: version,
    subject: event.subject,
    payload: event.data.parse(data),
    headers: producerHeaders(event.subject),
    occurredAt: clock.now(),
  }
}

/** A span for the event itself: the relay may publish much later, and consumers hang on this one. */
const producerHeaders = (subject: string): Record<string, string> => {
  const headers: Record<string, string> = {}
  const span = trace.getTracer('comptoir').startSpan(subject, {
    kind: SpanKind.PRODUCER,
    attributes: { 'messaging.system': 'nats', 'messaging.destination.name': subject },
  })
  propagation.inject(trace.setSpan(context.active(), span), headers)
  span.end()
  return headers
}
