import type { PaymentId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { prepared } from '@comptoir/service-kit/prepared'
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { OperationName } from '../domain/operation.ts'
import { fromNow } from './from-now.ts'
import { paymentOperations as operations } from './schema.ts'

// Stripe forgets a key after 24 hours; a repeat after that would be a second charge.
const keyIsFresh = sql<boolean>`${operations.requestedAt} > now() - interval '20 hours'`

const columns = {
  id: operations.id,
  paymentId: operations.paymentId,
  name: operations.name,
  attempt: operations.attempt,
  opKey: operations.opKey,
  amountMinor: operations.amountMinor,
  tries: operations.tries,
  requestedAt: operations.requestedAt,
  /** Whether the call may be repeated; otherwise the provider is only asked what came of it. */
  repeatable: keyIsFresh,
}

export interface Operation {
  readonly id: string
  readonly paymentId: PaymentId
  readonly name: OperationName
  readonly attempt: number
  readonly opKey: string
  readonly amountMinor: number
  readonly tries: number
  readonly requestedAt: Date
  readonly repeatable: boolean
}

const live = inArray(operations.state, ['requested', 'unknown'])

const ofPayment = and(
  eq(operations.paymentId, sql.placeholder('paymentId')),
  eq(operations.name, sql.placeholder('name')),
)

const selectAll = prepared((db) =>
  db
    .select({ ...columns, live: sql<boolean>`${live}` })
    .from(operations)
    .where(ofPayment),
)

/** The operation of that name which is under way, and how many there have been with it. */
export const findOperations = async (
  db: Queryable,
  paymentId: PaymentId,
  name: OperationName,
): Promise<{ underWay: Operation | undefined; attempts: number }> => {
  const rows = await selectAll(db, { paymentId, name })
  return { underWay: rows.find((row) => row.live), attempts: rows.length }
}

interface NewOperation {
  readonly id: string
  readonly paymentId: PaymentId
  readonly name: OperationName
  readonly attempt: number
  readonly opKey: string
  readonly amountMinor: number
  readonly afterMs: number
  /** Whoever inserts it for itself keeps the worker away meanwhile. */
  readonly leaseMs: number
}

export const insertOperation = async (tx: Transaction, operation: NewOperation): Promise<Operation> => {
  const { afterMs, leaseMs, ...values } = operation
  const [row] = await tx
    .insert(operations)
    .values({ ...values, runAt: fromNow(afterMs), leaseUntil: fromNow(leaseMs) })
    .returning(columns)
  if (row === undefined) throw new Error(`The operation ${operation.opKey} was not inserted`)
  return row
}

/** Takes operations that are due and that nobody is working on; the lease keeps others away while the provider is called. */
export const claimOperations = async (
  db: Queryable,
  leaseMs: number,
  limit: number,
): Promise<Operation[]> => {
  const free = or(isNull(operations.leaseUntil), lt(operations.leaseUntil, sql`now()`))
  const due = db.$with('due').as(
    db
      .select({ id: operations.id })
      .from(operations)
      .where(and(live, sql`${operations.runAt} <= now()`, free))
      .orderBy(operations.runAt)
      .limit(limit)
      .for('update', { skipLocked: true }),
  )
  return db
    .with(due)
    .update(operations)
    .set({ leaseUntil: fromNow(leaseMs) })
    .where(inArray(operations.id, db.select({ id: due.id }).from(due)))
    .returning(columns)
}

/** Ends an operation; one that has ended stays as it is. */
export const endOperation = async (
  tx: Transaction,
  id: string,
  ended: { state: 'succeeded' | 'failed'; error: string | null },
): Promise<boolean> => {
  const rows = await tx
    .update(operations)
    .set({ ...ended, leaseUntil: null, updatedAt: sql`now()` })
    .where(and(eq(operations.id, id), live))
    .returning({ id: operations.id })
  return rows.length === 1
}

/** Notes that nobody knows what came of a call; it is tried again later, with the same key. */
export const postponeOperation = async (
  db: Queryable,
  id: string,
  { error, afterMs }: { error: string; afterMs: number },
): Promise<void> => {
  await db
    .update(operations)
    .set({
      state: 'unknown',
      error,
      tries: sql`${operations.tries} + 1`,
      runAt: fromNow(afterMs),
      leaseUntil: null,
      updatedAt: sql`now()`,
    })
    .where(and(eq(operations.id, id), live))
}
