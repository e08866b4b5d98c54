/** Runs handlers again on the dead letters that an operator has asked for. */
import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { ConsumerBinding } from '../consumer.ts'
import type { DatabaseHandle, Transaction } from '../database.ts'
import { readEnvelope, receivedFrom } from '../outbox/envelope.ts'
import { errorFacts } from '../error-facts.ts'
import type { Logger } from '../logger.ts'
import { noteRedriven } from './inbox.ts'
import { currentScope, runInScope, type Scope } from '../scope.ts'
import { deadLetters } from '../tables.ts'
import type { Worker } from '../worker.ts'

export interface RedriveOptions<C> {
  readonly handle: DatabaseHandle
  readonly service: string
  readonly bindings: readonly ConsumerBinding<C>[]
  readonly log: Logger
}

/** One letter at a time; one that fails again goes back to the operator with the new error. */
export const createRedrive = <C>({ handle, service, bindings, log }: RedriveOptions<C>): Worker<C> => {
  const byName = new Map(bindings.map((binding) => [binding.name, binding]))
  const actor = { kind: 'service' as const, id: service, scopes: [] }
  const redriveOne = async (tx: Transaction, ctx: C, letter: Letter): Promise<void> => {
    const binding = byName.get(letter.consumer)
    if (binding === undefined) return
    const envelope = readEnvelope(letter.payload)
    const event = receivedFrom(binding.event, envelope)
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
        const reason = errorFacts(error)
        log.error('A dead letter failed again', { id, consumer, reason })
        await giveBack(handle, id, reason)
      }
      return letter !== undefined
    },
  }
}

interface Letter {
  readonly id: string
  readonly consumer: string
  readonly payload: Uint8Array
}

const takeRequested = async (tx: Transaction, consumers: string[]): Promise<Letter | undefined> => {
  const [letter] = await tx
    .select({ id: deadLetters.id, consumer: deadLetters.consumer, payload: deadLetters.payload })
    .from(deadLetters)
    .where(
      and(
        isNotNull(deadLetters.redriveRequestedAt),
        isNull(deadLetters.resolvedAt),
        inArray(deadLetters.consumer, consumers),
      ),
    )
    .orderBy(asc(deadLetters.redriveRequestedAt))
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

const giveBack = async ({ db }: DatabaseHandle, id: string, error: string): Promise<void> => {
  await db
    .update(deadLetters)
    .set({ redriveRequestedAt: null, redrives: sql`redrives + 1`, error })
    .where(eq(deadLetters.id, id))
}

const relabel = <T>(label: string, actor: Scope['actor'], work: () => T): T =>
  runInScope({ ...currentScope(), label, ...(actor === undefined ? {} : { actor }) }, work)
