/** Runs handlers again on dead letters: on those that an operator has asked for, and on what was taken over. */
import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle, Transaction } from '../database.ts'
import { errorFacts } from '../error-facts.ts'
import type { Logger } from '../logger.ts'
import type { DeadLetterReason } from './dead-letters.ts'
import { delayAfter, takenOver } from './delivery-delays.ts'
import { noteRedriven } from './inbox.ts'
import { parseEvent, readLetter } from './poison-error.ts'
import { reasonOf } from './reason-of.ts'
import { currentScope, runInScope, type Scope } from '../scope.ts'
import { deadLetters } from '../tables.ts'
import type { Worker } from '../worker.ts'

export interface RedriveOptions<C> {
  readonly handle: DatabaseHandle
  readonly service: string
  readonly bindings: readonly ConsumerBinding<C>[]
  readonly log: Logger
}

/**
 * One letter at a time; one that fails again goes back to the operator with the new error, or, where it was taken over, is
 * tried again for as long as its handler may yet do it.
 */
export const createRedrive = <C>({ handle, service, bindings, log }: RedriveOptions<C>): Worker<C> => {
  const byName = new Map(bindings.map((binding) => [binding.name, binding]))
  const actor = { kind: 'service' as const, id: service, scopes: [] }
  const redriveOne = async (tx: Transaction, ctx: C, letter: Letter): Promise<void> => {
    const binding = byName.get(letter.consumer)
    if (binding === undefined) return
    const envelope = readLetter(letter.payload)
    if (letter.reason === 'unknown' && (await isHeldBack(tx, letter, envelope.subject))) return
    const event = parseEvent(binding, envelope)
    if (await noteRedriven(tx, binding.name, envelope.id)) await binding.handle({ ctx, tx, event })
    await resolve(tx, letter.id)
  }
  return {
    name: 'kit.redrive',
    everyMs: 1_000,
    run: async (ctx) => {
      let letter: Letter | undefined
      try {
        await handle.transaction(async (tx) => {
          letter = await takeRequested(tx, [...byName.keys()])
          if (letter === undefined) return
          const open = letter
          // The transaction stays the scope's; only the name and the actor change.
          await relabel(open.consumer, actor, () => redriveOne(tx, ctx, open))
        })
      } catch (error) {
        if (letter === undefined) throw error
        const { id, consumer } = letter
        const facts = { id, consumer, reason: errorFacts(error) }
        const end = endOf(letter, error)
        if (end === undefined) log.warn('An event that was taken over failed; it is tried again', facts)
        else log.error('A dead letter failed again', facts)
        await giveBack(handle, letter, { end, error: facts.reason })
      }
      return letter !== undefined
    },
  }
}

interface Letter {
  readonly id: string
  readonly consumer: string
  readonly stream: string
  readonly streamSequence: number
  readonly payload: Uint8Array
  readonly reason: DeadLetterReason
  readonly redrives: number
}

const columns = {
  id: deadLetters.id,
  consumer: deadLetters.consumer,
  stream: deadLetters.stream,
  streamSequence: deadLetters.streamSequence,
  payload: deadLetters.payload,
  reason: deadLetters.reason,
  redrives: deadLetters.redrives,
}

const takeRequested = async (tx: Transaction, consumers: string[]): Promise<Letter | undefined> => {
  const [letter] = await tx
    .select(columns)
    .from(deadLetters)
    .where(
      and(
        lte(deadLetters.redriveRequestedAt, sql`now()`),
        isNull(deadLetters.resolvedAt),
        inArray(deadLetters.consumer, consumers),
      ),
    )
    .orderBy(asc(deadLetters.redriveRequestedAt), asc(deadLetters.streamSequence))
    .limit(1)
    .for('update', { skipLocked: true })
  return letter
}

const resolve = async (tx: Transaction, id: string): Promise<void> => {
  await tx
    .update(deadLetters)
    .set({
      resolvedAt: sql`now()`,
      resolution: 'redriven',
      redriveRequestedAt: null,
      redrives: sql`redrives + 1`,
    })
    .where(eq(deadLetters.id, id))
}

/**
 * Whether an earlier event of the aggregate that was taken over too has failed and comes again within half a minute: then
 * this one is put off until after it. Longer than that nothing waits for one that failed, as with what NATS delivers.
 */
const isHeldBack = async (
  tx: Transaction,
  { id, stream, streamSequence }: Letter,
  aggregateId: string,
): Promise<boolean> => {
  const putOff = await tx.execute(sql`
    update dead_letters set redrive_requested_at = greatest(now(), earlier.due) + interval '100 milliseconds'
    from (
      select max(redrive_requested_at) as due from dead_letters
      where redrive_requested_at < now() + interval '30 seconds' and (redrives > 0 or redrive_requested_at > now())
        and resolved_at is null and reason = 'unknown' and stream = ${stream}
        and stream_sequence < ${streamSequence}
        and position(convert_to(${aggregateId}, 'UTF8') in payload) > 0) as earlier
    where id = ${id} and earlier.due is not null
    returning true`)
  return putOff.length > 0
}

/** Why it is the operator's from now on; undefined where it is to be tried again. */
const endOf = ({ reason, redrives }: Letter, error: unknown): DeadLetterReason | undefined =>
  reason === 'unknown' ? reasonOf(error, redrives + 1 >= takenOver.max) : reason

/** Not where another instance has done it, or an operator discarded it, since it failed. */
const giveBack = async (
  { db }: DatabaseHandle,
  { id, reason, redrives }: Letter,
  { end, error }: { readonly end: DeadLetterReason | undefined; readonly error: string },
): Promise<void> => {
  const pauseMs = delayAfter(takenOver, redrives + 1)
  const again = end === undefined ? sql`now() + ${pauseMs}::int * interval '1 millisecond'` : null
  await db
    .update(deadLetters)
    .set({ redriveRequestedAt: again, redrives: sql`redrives + 1`, reason: end ?? reason, error })
    .where(and(eq(deadLetters.id, id), isNull(deadLetters.resolvedAt)))
}

const relabel = <T>(label: string, actor: Scope['actor'], work: () => T): T =>
  runInScope({ ...currentScope(), label, ...(actor === undefined ? {} : { actor }) }, work)
