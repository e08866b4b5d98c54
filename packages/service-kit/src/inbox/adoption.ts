/** Takes over the dead letters of events that an older program did not know, for the handlers that this one has. */
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle, Transaction } from '../database.ts'
import { systemIds } from '../ids.ts'
import { locks } from '../storage/advisory-locks.ts'
import { deadLetters } from '../tables.ts'
import type { Worker } from '../worker.ts'
import { noHandler } from './dead-letters.ts'

export interface AdoptionOptions<C> {
  readonly handle: Pick<DatabaseHandle, 'transaction'>
  readonly bindings: readonly ConsumerBinding<C>[]
}

/**
 * One letter at a time: each handler of its subject gets one of its own, which is redriven without being asked for and as
 * often as an event is delivered.
 */
export const createAdoption = <C>({ handle, bindings }: AdoptionOptions<C>): Worker<C> => {
  const bySubject = Map.groupBy(bindings, ({ event }) => event.subject)
  return {
    name: 'kit.adopt',
    everyMs: 5_000,
    run: () =>
      handle.transaction(async (tx) => {
        // The copies are dead letters that are stored: redactions wait until they are there.
        await tx.execute(sql`select pg_advisory_xact_lock_shared(${locks.space}, ${locks.redaction})`)
        const letter = await takeUnknown(tx, [...bySubject.keys()])
        if (letter === undefined) return false
        for (const { name } of bySubject.get(letter.subject) ?? []) await handOver(tx, letter.id, name)
        await resolve(tx, letter.id)
        return true
      }),
  }
}

/** The oldest first: so their handlers get them in the order in which they came. */
const takeUnknown = async (tx: Transaction, subjects: string[]) => {
  const [letter] = await tx
    .select({ id: deadLetters.id, subject: deadLetters.subject })
    .from(deadLetters)
    .where(
      and(
        eq(deadLetters.consumer, noHandler),
        isNull(deadLetters.resolvedAt),
        inArray(deadLetters.subject, subjects),
      ),
    )
    .orderBy(asc(deadLetters.createdAt))
    .limit(1)
    .for('update', { skipLocked: true })
  return letter
}

/** A handler that has a dead letter of this message already keeps that one. */
const handOver = async (tx: Transaction, id: string, consumer: string): Promise<void> => {
  await tx.execute(sql`
    insert into dead_letters (id, consumer, stream, stream_sequence, subject, event_id, payload, traceparent, reason,
      error, deliveries, note, redrive_requested_at)
    select ${systemIds.next()}::uuid, ${consumer}::text, stream, stream_sequence, subject, event_id, payload, traceparent,
      'unknown', error, deliveries, note, now()
    from dead_letters where id = ${id}
    on conflict do nothing`)
}

/** It stays as long as the stream may have the message, so that the message makes no second one where it is delivered once more. */
const resolve = async (tx: Transaction, id: string): Promise<void> => {
  await tx
    .update(deadLetters)
    .set({ resolvedAt: sql`now()`, resolution: 'redriven', redriveRequestedAt: null })
    .where(eq(deadLetters.id, id))
}
