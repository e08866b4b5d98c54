/**
 * Deletes the kit's old rows: published events after 7 days, inbox rows, resolved dead letters and done redactions after
 * 30, idempotency keys after 7, and dead letters without a handler, resolved or not, after the streams' 14.
 */
import type { Sql } from 'postgres'
import type { DatabaseHandle } from '../database.ts'
import { noHandler } from '../inbox/dead-letters.ts'
import type { Logger } from '../logger.ts'
import type { Worker } from '../worker.ts'

const batch = 1_000

/**
 * Inbox rows, dead letters and redactions outlive the streams' 14 days and any redrive; events that were never published and dead
 * letters of a handler that nobody resolved stay for ever.
 */
export const createRetention = ({ sql }: DatabaseHandle, log: Logger): Worker<unknown> => ({
  name: 'kit.retention',
  everyMs: 10 * 60_000,
  run: async () => {
    const deleted = [
      await deleteOutbox(sql),
      await deleteInbox(sql),
      await deleteKeys(sql),
      await deleteDeadLetters(sql),
      await deleteUnknown(sql, log),
      await deleteRedactions(sql),
    ]
    return deleted.some((rows) => rows === batch)
  },
})

const deleteOutbox = async (sql: Sql): Promise<number> => {
  const { count } = await sql`
    delete from outbox where id in (
      select id from outbox where published_at < now() - interval '7 days'
      order by published_at limit ${batch} for update skip locked)`
  return count
}

const deleteInbox = async (sql: Sql): Promise<number> => {
  const { count } = await sql`
    delete from inbox where (consumer, event_id) in (
      select consumer, event_id from inbox where received_at < now() - interval '30 days'
      order by received_at limit ${batch} for update skip locked)`
  return count
}

const deleteKeys = async (sql: Sql): Promise<number> => {
  const { count } = await sql`
    delete from idempotency_keys where (principal, procedure, key) in (
      select principal, procedure, key from idempotency_keys
      where created_at < now() - interval '7 days' and lease_until < now()
      order by created_at limit ${batch} for update skip locked)`
  return count
}

const deleteDeadLetters = async (sql: Sql): Promise<number> => {
  const { count } = await sql`
    delete from dead_letters where id in (
      select id from dead_letters where resolved_at < now() - interval '30 days'
      order by resolved_at limit ${batch} for update skip locked)`
  return count
}

/**
 * Those without a handler: by then their messages are no longer in the streams, so that none can come once more, and every
 * erasure reads all that are there.
 */
const deleteUnknown = async (sql: Sql, log: Logger): Promise<number> => {
  const deleted = await sql<{ subject: string; open: boolean }[]>`
    delete from dead_letters where id in (
      select id from dead_letters
      where consumer = ${noHandler} and created_at < now() - interval '14 days'
      order by created_at limit ${batch} for update skip locked)
    returning subject, resolved_at is null as open`
  const lost = deleted.filter(({ open }) => open)
  for (const [subject, events] of Map.groupBy(lost, (letter) => letter.subject))
    log.error('Events that no program knew were deleted after fourteen days', {
      subject,
      events: events.length,
    })
  return deleted.length
}

const deleteRedactions = async (sql: Sql): Promise<number> => {
  const { count } = await sql`
    delete from redactions where id in (
      select id from redactions where applied_at < now() - interval '30 days'
      order by applied_at limit ${batch} for update skip locked)`
  return count
}
