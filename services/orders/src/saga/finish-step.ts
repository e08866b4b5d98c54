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
import type { Ended, Outcome } from './do-step.ts'

/**
 * Writes a step's outcome and what follows from it for the order, if the lease is still ours: a worker that slept through
 * its lease, or whose order was cancelled meanwhile, writes nothing. Answers the order after it, undefined without a lease.
 */
export const writeOutcome = async (
  ctx: Context,
  tx: Transaction,
  { step, outcome }: { step: ClaimedStep; outcome: Ended },
): Promise<OrderState | undefined> => {
  const before = await lockOrder(tx, step.orderId)
  if (before === undefined) throw new Error(`Step of an unknown order ${step.orderId}`)
  if (!(await endStep(tx, step, outcome))) return undefined
  const by: By = { at: ctx.clock.now().toISOString(), actor: step.asker ?? 'system' }
  return applyChange(ctx, tx, { before, change: changeOf(before, outcome, by), by })
}

const changeOf = (before: OrderState, { cancel: reason }: Ended, by: By): Change =>
  reason !== undefined && allows(before.status, 'cancelled')
    ? cancel(before, reason, by)
    : { next: before, history: [], events: [] }

export const finishStep = async (ctx: Context, step: ClaimedStep, outcome: Outcome): Promise<void> => {
  if (outcome.state === 'asked') return awaitNews(ctx, step)
  await ctx.transaction((tx) => writeOutcome(ctx, tx, { step, outcome }))
}

// News come within milliseconds and end the step; it is taken up again only where they were lost.
const newsWaitMs = 30_000

const awaitNews = (ctx: Context, step: ClaimedStep): Promise<void> => {
  const ms = Math.max(newsWaitMs, backoffMs(step.tries, ctx.limits.stepRetryMaxMs, Math.random()))
  return putBack(ctx, step, { ms, error: null, calls: step.overdue, facts: { reason: 'no news' } })
}

/** Has a step tried again later, and calls a person where that will hardly help or has been going on for long. */
export const retryStep = async (ctx: Context, step: ClaimedStep, error: unknown): Promise<void> => {
  const code = error instanceof ServiceError ? error.code : 'INTERNAL'
  await putBack(ctx, step, {
    ms: backoffMs(step.tries, ctx.limits.stepRetryMaxMs, Math.random()),
    error: code,
    calls: step.overdue || !isTransient(error),
    facts: { code, reason: errorFacts(error) },
  })
  ctx.log.warn('A step has to be tried again', { ...about(step), code })
}

interface Delay {
  readonly ms: number
  readonly error: string | null
  /** Whether a person is called. */
  readonly calls: boolean
  readonly facts: Record<string, unknown>
}

const putBack = (ctx: Context, step: ClaimedStep, { ms, error, calls, facts }: Delay): Promise<void> =>
  ctx.transaction(async (tx) => {
    await lockOrder(tx, step.orderId)
    const delayed = await delayStep(tx, step, { ms, error })
    const attention = calls ? worries[step.name] : undefined
    if (!delayed || attention === undefined) return
    if (await setAttention(tx, step.orderId, attention)) {
      ctx.log.error('An order waits for a person', { ...about(step), ...facts })
    }
  })

const about = ({ orderId, name, tries }: ClaimedStep) => ({ orderId, step: name, tries })

const worries: Partial<Record<StepName, Attention>> = {
  'commit-stock': attentions.stockNotCommitted,
  'capture-payment': attentions.moneyNotTaken,
  'cancel-order': attentions.notCancelled,
}

const isTransient = (error: unknown): boolean =>
  error instanceof ServiceError && (error.status >= 500 || error.status === 408 || error.status === 429)
