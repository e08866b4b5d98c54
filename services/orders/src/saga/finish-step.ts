import { ServiceError } from '@comptoir/contracts/errors'
import type { Transaction } from '@comptoir/service-kit/database'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import type { Context } from '../context.ts'
import { lockOrder, setAttention } from '../db/orders.ts'
import { type ClaimedStep, delayStep, endStep } from '../db/steps.ts'
import { type Attention, attentions } from '../domain/attention.ts'
import { allows, type By, type Change, cancel, type OrderState } from '../domain/order.ts'
import { backoffMs, type StepName } from '../domain/steps.ts'
import { applyChange } from './apply-change.ts'
import type { Outcome } from './do-step.ts'

/**
 * Writes a step's outcome and what follows from it for the order, if the lease is still ours: a worker that slept through
 * its lease, or whose order was cancelled meanwhile, writes nothing. Answers the order after it, undefined without a lease.
 */
export const writeOutcome = async (
  ctx: Context,
  tx: Transaction,
  { step, outcome }: { step: ClaimedStep; outcome: Outcome },
): Promise<OrderState | undefined> => {
  const before = await lockOrder(tx, step.orderId)
  if (before === undefined) throw new Error(`Step of an unknown order ${step.orderId}`)
  if (!(await endStep(tx, step, outcome))) return undefined
  const by: By = { at: ctx.clock.now().toISOString(), actor: step.asker ?? 'system' }
  return applyChange(ctx, tx, { before, change: changeOf(before, outcome, by), by })
}

const changeOf = (before: OrderState, { cancel: reason }: Outcome, by: By): Change =>
  reason !== undefined && allows(before.status, 'cancelled')
    ? cancel(before, reason, by)
    : { next: before, history: [], events: [] }

export const finishStep = async (ctx: Context, step: ClaimedStep, outcome: Outcome): Promise<void> => {
  await ctx.transaction((tx) => writeOutcome(ctx, tx, { step, outcome }))
}

/** Has a step tried again later, and calls a person where that will hardly help or has been going on for long. */
export const retryStep = async (ctx: Context, step: ClaimedStep, error: unknown): Promise<void> => {
  const code = error instanceof ServiceError ? error.code : 'INTERNAL'
  const facts = { orderId: step.orderId, step: step.name, tries: step.tries, code }
  const attention = step.overdue || !isTransient(error) ? worries[step.name] : undefined
  await ctx.transaction(async (tx) => {
    await lockOrder(tx, step.orderId)
    const delayed = await delayStep(tx, step, {
      ms: backoffMs(step.tries, ctx.limits.stepRetryMaxMs, Math.random()),
      error: code,
    })
    if (!delayed || attention === undefined) return
    if (await setAttention(tx, step.orderId, attention)) {
      ctx.log.error('An order waits for a person', { ...facts, reason: errorFacts(error) })
    }
  })
  ctx.log.warn('A step has to be tried again', facts)
}

const worries: Partial<Record<StepName, Attention>> = {
  'commit-stock': attentions.stockNotCommitted,
  'capture-payment': attentions.moneyNotTaken,
  'cancel-order': attentions.notCancelled,
}

const isTransient = (error: unknown): boolean =>
  error instanceof ServiceError && (error.status >= 500 || error.status === 408 || error.status === 429)
