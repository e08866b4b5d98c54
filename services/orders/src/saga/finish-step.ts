import { ServiceError } from '@comptoir/contracts/errors'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import type { Context } from '../context.ts'
import { lockOrder, setAttention } from '../db/orders.ts'
import { type ClaimedStep, delayStep, endStep } from '../db/steps.ts'
import { type Attention, attentions } from '../domain/attention.ts'
import { type By, type Change, cancel, type OrderState } from '../domain/order.ts'
import { backoffMs, type StepName } from '../domain/steps.ts'
import { applyChange } from './apply-change.ts'
import type { Outcome } from './do-step.ts'

/**
 * Writes a step's outcome and what follows from it for the order in one transaction, if the lease is still ours: a
 * worker that slept through its lease, or whose order was cancelled meanwhile, writes nothing.
 */
export const finishStep = async (ctx: Context, step: ClaimedStep, outcome: Outcome): Promise<void> =>
  ctx.transaction(async (tx) => {
    const before = await lockOrder(tx, step.orderId)
    if (before === undefined) throw new Error(`Step of an unknown order ${step.orderId}`)
    if (!(await endStep(tx, step, outcome))) return
    const by: By = { at: ctx.clock.now().toISOString(), actor: 'system' }
    await applyChange(ctx, tx, { before, change: changeOf(before, outcome, by), by })
  })

const changeOf = (before: OrderState, outcome: Outcome, by: By): Change =>
  outcome.state === 'failed' && before.status === 'received'
    ? cancel(before, outcome.cancel, by)
    : { next: before, history: [], events: [] }

/** Has a step tried again later, and calls a person where that will hardly help or has been going on for long. */
export const retryStep = async (ctx: Context, step: ClaimedStep, error: unknown): Promise<void> => {
  const code = error instanceof ServiceError ? error.code : 'INTERNAL'
  const facts = { orderId: step.orderId, step: step.name, tries: step.tries, code }
  const attention = step.overdue || !isTransient(error) ? worries[step.name] : undefined
  await ctx.transaction(async (tx) => {
    await lockOrder(tx, step.orderId)
    const delayed = await delayStep(tx, step, { ms: backoffMs(step.tries, Math.random()), error: code })
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
}

const isTransient = (error: unknown): boolean =>
  error instanceof ServiceError && (error.status >= 500 || error.status === 408 || error.status === 429)
