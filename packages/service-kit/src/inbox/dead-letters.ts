/** Messages that a handler could not do: stored whole, and an operator's from then on. */
import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import type { DatabaseHandle, Queryable } from '../database.ts'
import { systemIds } from '../ids.ts'
import { locks } from '../storage/advisory-locks.ts'
import { deadLetters } from '../tables.ts'
import { redactedLetter } from './redacted-letter.ts'

export type DeadLetterReason = 'poison' | 'refused' | 'exhausted' | 'unknown'

/** Stands in the place of the handler where the program that had the message has none for it. */
export const noHandler = '(no handler)'

export interface NewDeadLetter {
  readonly consumer: string
  readonly stream: string
  readonly streamSequence: number
  readonly subject: string
  readonly eventId: string | undefined
  readonly payload: Uint8Array
  readonly traceparent: string | undefined
  readonly reason: DeadLetterReason
  /** Without values of the payload. */
  readonly error: string
  readonly deliveries: number
}

/**
 * Stores a dead letter, without what was redacted of its subject meanwhile; a handler has one for each message, however
 * often it is stored.
 */
export const storeDeadLetter = (
  { transaction }: Pick<DatabaseHandle, 'transaction'>,
  letter: NewDeadLetter,
): Promise<void> =>
  transaction(async (tx) => {
    const { eventId = null, traceparent = null, ...rest } = letter
    // Keeps redactions from being done until this one is there.
    await tx.execute(sql`select pg_advisory_xact_lock_shared(${locks.space}, ${locks.redaction})`)
    const kept = await redactedLetter(tx, letter.payload)
    await tx
      .insert(deadLetters)
      .values({ id: systemIds.next(), ...rest, eventId, traceparent, ...kept })
      .onConflictDoNothing()
  })

const facts = {
  id: deadLetters.id,
  consumer: deadLetters.consumer,
  subject: deadLetters.subject,
  eventId: deadLetters.eventId,
  reason: deadLetters.reason,
  error: deadLetters.error,
  deliveries: deadLetters.deliveries,
  redrives: deadLetters.redrives,
  redriveRequestedAt: deadLetters.redriveRequestedAt,
  note: deadLetters.note,
  createdAt: deadLetters.createdAt,
}

/** The oldest unresolved ones, without their messages; those that wait for a newer program come last. */
export const listDeadLetters = (db: Queryable, limit = 100) =>
  db
    .select(facts)
    .from(deadLetters)
    .where(isNull(deadLetters.resolvedAt))
    .orderBy(asc(eq(deadLetters.consumer, noHandler)), asc(deadLetters.createdAt))
    .limit(limit)

/** One with its message and what became of it; undefined where there is none. */
export const showDeadLetter = async (db: Queryable, id: string) => {
  const [letter] = await db
    .select({
      ...facts,
      stream: deadLetters.stream,
      streamSequence: deadLetters.streamSequence,
      traceparent: deadLetters.traceparent,
      resolvedAt: deadLetters.resolvedAt,
      resolution: deadLetters.resolution,
      payload: deadLetters.payload,
    })
    .from(deadLetters)
    .where(eq(deadLetters.id, id))
  return letter
}

/**
 * Asks that a handler tries a message again: the service itself does so within a second, for this handler only and with
 * its inbox, so that the event has its effect once whatever else happens to it. False where it is resolved already or has
 * no handler.
 */
export const requestRedrive = async (db: Queryable, id: string): Promise<boolean> => {
  const asked = await db
    .update(deadLetters)
    .set({ redriveRequestedAt: sql`now()` })
    .where(and(eq(deadLetters.id, id), isNull(deadLetters.resolvedAt), ne(deadLetters.consumer, noHandler)))
    .returning({ id: deadLetters.id })
  return asked.length > 0
}

/** What it says already of the message is all that is left of some. */
const discarded = (note: string) => ({
  resolvedAt: sql`now()`,
  resolution: 'discarded' as const,
  redriveRequestedAt: null,
  note: sql`concat_ws('; ', ${deadLetters.note}, ${note}::text)`,
})

/** Gives a message up, with the reason. False where it is resolved already. */
export const discardDeadLetter = async (db: Queryable, id: string, note: string): Promise<boolean> => {
  const given = await db
    .update(deadLetters)
    .set(discarded(note))
    .where(and(eq(deadLetters.id, id), isNull(deadLetters.resolvedAt)))
    .returning({ id: deadLetters.id })
  return given.length > 0
}

const waiting = (subject?: string) =>
  and(
    eq(deadLetters.consumer, noHandler),
    isNull(deadLetters.resolvedAt),
    subject === undefined ? undefined : eq(deadLetters.subject, subject),
  )

/** How many wait for a program that has a handler of them. */
export const countWaiting = (db: Queryable): Promise<number> => db.$count(deadLetters, waiting())

const batch = 1_000

/** Gives up all of a subject that wait for a program that has a handler of it, and says how many. */
export const discardWaiting = async (db: Queryable, subject: string, note: string): Promise<number> => {
  for (let sum = 0; ;) {
    const some = db.select({ id: deadLetters.id }).from(deadLetters).where(waiting(subject)).limit(batch)
    const given = await db
      .update(deadLetters)
      .set(discarded(note))
      .where(and(inArray(deadLetters.id, some), waiting(subject)))
      .returning({ id: deadLetters.id })
    sum += given.length
    if (given.length === 0) return sum
  }
}
