/** How much waits in the outbox, for health checks and metrics. */
import { metrics, type BatchObservableResult } from '@opentelemetry/api'
import { sql } from 'drizzle-orm'
import type { DatabaseHandle } from '../database.ts'

export interface Lag {
  readonly rows: number
  /** Age of the oldest unpublished event; 0 when there is none. */
  readonly oldestSeconds: number
}

/** Reads the lag by the database's clock. */
export const readLag = async ({ db }: Pick<DatabaseHandle, 'db'>): Promise<Lag> => {
  const [row] = await db.execute<{ rows: number; oldest: number }>(sql`
    select count(*)::int as rows, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest
    from outbox where published_at is null`)
  return { rows: row?.rows ?? 0, oldestSeconds: row?.oldest ?? 0 }
}

/** Publishes the lag as metrics, read when they are collected. Returns what ends that. */
export const measureOutbox = (handle: DatabaseHandle): (() => void) => {
  const meter = metrics.getMeter('comptoir')
  const rows = meter.createObservableGauge('comptoir.outbox.unpublished', { description: 'Events that wait' })
  const age = meter.createObservableGauge('comptoir.outbox.oldest', {
    description: 'Age of the oldest',
    unit: 's',
  })
  const observe = async (result: BatchObservableResult): Promise<void> => {
    const lag = await readLag(handle).catch(() => undefined)
    if (lag === undefined) return
    result.observe(rows, lag.rows)
    result.observe(age, lag.oldestSeconds)
  }
  meter.addBatchObservableCallback(observe, [rows, age])
  return () => meter.removeBatchObservableCallback(observe, [rows, age])
}
