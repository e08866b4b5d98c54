import type { OrderId } from '@comptoir/contracts/ids'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { given, prepared, statement } from '@comptoir/service-kit/prepared'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import { and, count, eq, sql } from 'drizzle-orm'
import {
  type Progress,
  type PurchaseStep,
  purchaseSteps,
  type StepName,
  type StepState,
  type Steps,
} from '../domain/steps.ts'
import { hashOf } from './order-rows.ts'
import { orderSteps } from './schema.ts'

/** A step that this worker may do until its lease ends. */
export interface ClaimedStep {
  readonly orderId: OrderId
  readonly name: StepName
  readonly attempt: number
  readonly epoch: number
  readonly tries: number
  /** For whom a cancellation was begun. */
  readonly asker: 'customer' | 'staff' | null
  readonly traceparent: string | null
  /** Its deadline has passed, by the database's clock. */
  readonly overdue: boolean
}

/** Takes due steps. Whoever died over one loses it at the end of the lease: a claim sets the next due time to that. */
export const claimSteps = async (
  db: Database,
  claim: { owner: string; leaseMs: number; limit: number },
): Promise<ClaimedStep[]> => {
  const rows = await claimDue(db, claim)
  return rows.map((row) => ({ ...row, overdue: row.overdue ?? false }))
}

const leaseEnd = sql`now() + ${sql.placeholder('leaseMs')}::int * interval '1 millisecond'`

const claimDue = statement<Omit<ClaimedStep, 'overdue'> & { overdue: boolean | null }>(sql`
  with due as (
    select order_id, name, attempt from order_steps
    where run_at <= now()
    order by run_at
    limit ${sql.placeholder('limit')}::int
    for update skip locked
  )
  update order_steps step
  set state = 'running', lease_owner = ${sql.placeholder('owner')}, lease_epoch = step.lease_epoch + 1,
      tries = step.tries + 1, lease_until = ${leaseEnd}, run_at = ${leaseEnd}
  from due
  where step.order_id = due.order_id and step.name = due.name and step.attempt = due.attempt
  returning step.order_id as "orderId", step.name, step.attempt, step.lease_epoch as epoch, step.tries, step.asker,
            step.traceparent, step.deadline_at <= now() as overdue`)

/** Begins a cancellation, in the hands of this process until its lease ends. The caller holds the order's lock. */
export const beginCancelling = async (
  tx: Transaction,
  orderId: OrderId,
  begin: {
    operationId: string
    asker: 'customer' | 'staff'
    owner: string
    leaseMs: number
    patienceMinutes: number
  },
): Promise<ClaimedStep> => {
  const [before] = await tx
    .select({ attempts: count() })
    .from(orderSteps)
    .where(and(eq(orderSteps.orderId, orderId), eq(orderSteps.name, 'cancel-order')))
  const lease = sql`now() + ${begin.leaseMs}::int * interval '1 millisecond'`
  const step = {
    orderId,
    name: 'cancel-order' as const,
    attempt: (before?.attempts ?? 0) + 1,
    asker: begin.asker,
    traceparent: currentTraceparent() ?? null,
    tries: 1,
  }
  await tx.insert(orderSteps).values({
    ...step,
    state: 'running',
    opId: begin.operationId,
    inputHash: hashOf([orderId, begin.asker]),
    leaseOwner: begin.owner,
    leaseEpoch: 1,
    leaseUntil: lease,
    runAt: lease,
    deadlineAt: sql`now() + make_interval(mins => ${begin.patienceMinutes})`,
  })
  return { ...step, epoch: 1, overdue: false }
}

/** Whether this very operation's cancellation was let through, whoever finished it. */
export const wasCancelledBy = async (
  tx: Transaction,
  orderId: OrderId,
  operationId: string,
): Promise<boolean> => {
  const found = await tx
    .select({ state: orderSteps.state })
    .from(orderSteps)
    .where(
      and(
        eq(orderSteps.orderId, orderId),
        eq(orderSteps.name, 'cancel-order'),
        eq(orderSteps.opId, operationId),
        eq(orderSteps.state, 'done'),
      ),
    )
  return found.length > 0
}

const mine = and(
  eq(orderSteps.orderId, sql.placeholder('orderId')),
  eq(orderSteps.name, sql.placeholder('name')),
  eq(orderSteps.attempt, sql.placeholder('attempt')),
  eq(orderSteps.state, 'running'),
  eq(orderSteps.leaseEpoch, sql.placeholder('epoch')),
)

/** Marks a claimed step as ended. False, and nothing written, when the lease has gone to somebody else. */
export const endStep = async (
  tx: Transaction,
  step: ClaimedStep,
  end: { state: 'done' | 'failed'; output: unknown },
): Promise<boolean> => {
  return (await endMine(tx, { ...step, state: end.state, output: end.output ?? null })).length > 0
}

const endMine = prepared((db) =>
  db
    .update(orderSteps)
    .set({
      ...given(orderSteps, ['state', 'output']),
      error: null,
      leaseOwner: null,
      leaseUntil: null,
      runAt: null,
    })
    .where(mine)
    .returning({ name: orderSteps.name }),
)

/** Puts a claimed step back, due again in a while. False when the lease has gone to somebody else. */
export const delayStep = async (
  tx: Transaction,
  step: ClaimedStep,
  delay: { ms: number; error: string | null },
): Promise<boolean> => (await delayMine(tx, { ...step, ...delay })).length > 0

const delayMine = prepared((db) =>
  db
    .update(orderSteps)
    .set({
      state: 'ready',
      ...given(orderSteps, ['error']),
      leaseOwner: null,
      leaseUntil: null,
      runAt: sql`now() + ${sql.placeholder('ms')}::int * interval '1 millisecond'`,
    })
    .where(mine)
    .returning({ name: orderSteps.name }),
)

const selectSteps = prepared((db) =>
  db
    .select({ name: orderSteps.name, state: orderSteps.state })
    .from(orderSteps)
    .where(eq(orderSteps.orderId, sql.placeholder('orderId')))
    .orderBy(orderSteps.attempt),
)

/** The newest attempt of each step of an order; the caller holds the order's lock. */
export const stepsOf = async (tx: Transaction, orderId: OrderId): Promise<Steps> => {
  const rows = await selectSteps(tx, { orderId })
  const states = new Map(rows.map((row) => [row.name, row.state]))
  // An order is written together with all its steps.
  return Object.fromEntries(purchaseSteps.map((name) => [name, states.get(name) ?? 'failed'])) as Record<
    PurchaseStep,
    StepState
  >
}

/** Opens steps to the workers, and closes others, also over the head of a worker that is busy with one. */
export const moveSteps = async (
  tx: Transaction,
  orderId: OrderId,
  change: { moves: Progress['moves']; patienceMinutes: number },
): Promise<void> => {
  if (change.moves.length === 0) return
  const { moves, patienceMinutes } = change
  await applyMoves(tx, { orderId, patienceMinutes, moves: JSON.stringify(moves) })
}

const applyMoves = statement(sql`
  update order_steps step
  set state = move."to", lease_owner = null, lease_until = null, lease_epoch = lease_epoch + 1,
      run_at = case when move."to" = 'ready' then now() end,
      deadline_at = case when move."to" = 'ready'
                    then now() + make_interval(mins => ${sql.placeholder('patienceMinutes')}) else deadline_at end
  from jsonb_to_recordset(${sql.placeholder('moves')}::jsonb) as move(name text, "to" text)
  where step.order_id = ${sql.placeholder('orderId')}::uuid and step.name = move.name
    and step.state in ('waiting', 'ready', 'running')`)
