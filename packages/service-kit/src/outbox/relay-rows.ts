/** The outbox as the relay reads and marks it. */
import type { Sql } from 'postgres'

export interface OutboxRow {
  readonly id: string
  readonly aggregate: string
  readonly aggregateId: string
  readonly aggregateVersion: number
  readonly subject: string
  readonly payload: unknown
  readonly headers: { readonly traceparent?: string }
  readonly occurredAt: Date
  readonly attempts: number
}

export const aggregateKey = (row: Pick<OutboxRow, 'aggregate' | 'aggregateId'>): string =>
  `${row.aggregate} ${row.aggregateId}`

/** The oldest unpublished rows, without the aggregates named in `blocked`. */
export const readUnpublished = (
  sql: Sql,
  blocked: readonly string[],
  limit: number,
): Promise<OutboxRow[]> => sql<OutboxRow[]>`
  select id, aggregate, aggregate_id as "aggregateId", aggregate_version as "aggregateVersion", subject, payload,
    headers, occurred_at as "occurredAt", attempts
  from outbox
  where published_at is null and not (${JSON.stringify(blocked)}::text::jsonb ? (aggregate || ' ' || aggregate_id))
  order by position
  limit ${limit}`

export interface Published {
  readonly id: string
  readonly sequence: number
}

/**
 * Marks what the stream has acknowledged. The rows are found by `= any (array)`: joined to a set that it cannot count,
 * the planner would read the whole outbox.
 */
export const markPublished = async (sql: Sql, published: readonly Published[]): Promise<void> => {
  const ids = `{${published.map(({ id }) => id).join(',')}}`
  const sequences = `{${published.map(({ sequence }) => sequence).join(',')}}`
  await sql`
    update outbox set published_at = now(), attempts = attempts + 1, last_error = null,
      stream_sequence = (${sequences}::text::bigint[])[array_position(${ids}::text::uuid[], id)]
    where id = any (${ids}::text::uuid[])`
}

export interface Refused {
  readonly id: string
  readonly error: string
}

/** Notes what the stream refused. */
export const markRefused = async (sql: Sql, refused: readonly Refused[]): Promise<void> => {
  await sql`
    update outbox set attempts = attempts + 1, last_error = refused.error
    from jsonb_to_recordset(${JSON.stringify(refused)}::text::jsonb) as refused(id uuid, error text)
    where outbox.id = refused.id`
}
