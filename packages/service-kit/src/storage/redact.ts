/** Does the redactions that were noted. */
import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Database, DatabaseHandle, Transaction } from '../database.ts'
import { redactedLetter } from '../inbox/redacted-letter.ts'
import type { Logger } from '../logger.ts'
import { redacted, type Redaction } from '../redact-kept.ts'
import { sweep } from '../sweep.ts'
import { deadLetters, redactions } from '../tables.ts'
import type { Worker } from '../worker.ts'
import { locks } from './advisory-locks.ts'

const batch = 50

/** Each redaction in a transaction of its own, again and again until all that it goes for is there to be redacted. */
export const createRedact = (handle: DatabaseHandle, log: Logger): Worker<unknown> => ({
  name: 'kit.redact',
  everyMs: 1_000,
  run: (_ctx, signal) =>
    sweep({
      worker: 'kit.redact',
      log,
      signal,
      page: (after) => findOpen(handle.db, after?.id),
      work: ({ id }) => handle.transaction((tx) => apply(tx, id)),
    }),
})

const findOpen = (db: Database, after: string | undefined): Promise<{ id: string }[]> =>
  db
    .select({ id: redactions.id })
    .from(redactions)
    .where(and(isNull(redactions.appliedAt), after === undefined ? undefined : gt(redactions.id, after)))
    .orderBy(asc(redactions.id))
    .limit(batch)

/**
 * While it runs no dead letter is being stored: one that was stored before is seen here, and one that is stored after sees
 * the redaction. It waits for no other lock, so that it cannot be part of a deadlock.
 */
const apply = async (tx: Transaction, id: string): Promise<void> => {
  // It reads every dead letter, of which there are many where an older program runs beside newer ones.
  await tx.execute(sql`set local statement_timeout = '30s'`)
  await tx.execute(sql`select pg_advisory_xact_lock(${locks.space}, ${locks.redaction})`)
  const [open] = await tx
    .select({
      id: redactions.id,
      aggregate: redactions.aggregate,
      fields: redactions.fields,
      // Another after every change of the row, however quickly they follow.
      state: sql<string>`xmin::text`,
    })
    .from(redactions)
    .where(and(eq(redactions.id, id), isNull(redactions.appliedAt)))
  if (open === undefined) return
  const letters = await redactLetters(tx, id)
  const events = open.aggregate === null || (await redactEvents(tx, open.aggregate, open))
  if (letters && events) await markApplied(tx, open)
}

/** Not where it was noted again since it was read, or is at this moment: that may go for more, and is applied anew. */
const markApplied = async (
  tx: Transaction,
  { id, state }: { readonly id: string; readonly state: string },
): Promise<void> => {
  const unchanged = tx
    .select({ id: redactions.id })
    .from(redactions)
    .where(and(eq(redactions.id, id), sql`xmin::text = ${state}`))
    .for('update', { skipLocked: true })
  await tx
    .update(redactions)
    .set({ appliedAt: sql`now()` })
    .where(inArray(redactions.id, unchanged))
}

/** False where a redrive has one of them at this moment. */
const redactLetters = async (tx: Transaction, id: string): Promise<boolean> => {
  const about = await tx
    .select({ id: deadLetters.id })
    .from(deadLetters)
    .where(sql`position(convert_to(${id}, 'UTF8') in ${deadLetters.payload}) > 0`)
  const ids = about.map((letter) => letter.id)
  if (ids.length === 0) return true
  const free = await tx
    .select({ id: deadLetters.id, payload: deadLetters.payload })
    .from(deadLetters)
    .where(inArray(deadLetters.id, ids))
    .for('update', { skipLocked: true })
  for (const letter of free) {
    const { payload, note } = await redactedLetter(tx, letter.payload)
    await tx
      .update(deadLetters)
      .set({ payload, note: sql`coalesce(${deadLetters.note}, ${note}::text)` })
      .where(eq(deadLetters.id, letter.id))
  }
  return free.length === ids.length
}

/** False where some are not published yet: those go out as they were told. */
const redactEvents = async (
  tx: Transaction,
  aggregate: string,
  { id, fields }: Redaction,
): Promise<boolean> => {
  const told = sql`aggregate = ${aggregate} and aggregate_id = ${id}`
  const payload = redacted(sql`payload`, fields)
  await tx.execute(sql`
    update outbox set payload = ${payload} where ${told} and published_at is not null and payload <> ${payload}`)
  const waiting = await tx.execute(sql`select from outbox where ${told} and published_at is null limit 1`)
  return waiting.length === 0
}
