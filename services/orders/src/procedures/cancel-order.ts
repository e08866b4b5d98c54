import { seesAll } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { lockOrder, reach } from '../db/orders.ts'
import { beginCancelling, type ClaimedStep, wasCancelledBy } from '../db/steps.ts'
import { holdsMoney } from '../domain/holds-money.ts'
import { allows, type By, cancel, type OrderState, orderOf } from '../domain/order.ts'
import { applyChange } from '../saga/apply-change.ts'
import { holdParcelBack } from '../saga/do-step.ts'
import { writeOutcome } from '../saga/finish-step.ts'

type CancelOrder = typeof orders.cancelOrder
type Ctx = Context & Call<CancelOrder>

export const cancelOrder: Procedure<CancelOrder, Context> = async ({ ctx, input }) => {
  const begun = await ctx.transaction(async (tx) => {
    const order = await lockOrder(tx, input.orderId, reach(ctx.actor, 'orders:write'))
    if (order === undefined) throw ctx.fail('ORDER_NOT_FOUND')
    if (askerOf(ctx, order) === 'staff' && holdsMoney(order) && !seesAll(ctx.actor, 'payments:refund'))
      throw commonError('FORBIDDEN', { message: 'To give back what was paid takes the right to refund.' })
    if (order.status === 'received') return { answer: await cancelNow(ctx, tx, order) }
    if (allows(order.status, 'cancelled')) return { order, step: await beginStep(ctx, tx, order) }
    // The first try died, and a worker finished what it had begun.
    if (await wasCancelledBy(tx, order.id, ctx.operationId)) {
      return { answer: await ctx.answer(tx, orderOf(order)) }
    }
    throw ctx.fail('ORDER_NOT_CANCELLABLE', { status: order.status })
  })
  return 'answer' in begun ? begun.answer : cancelWithParcel(ctx, begun)
}

const askerOf = (ctx: Ctx, order: OrderState): 'customer' | 'staff' =>
  order.owner.id === ctx.actor.id ? 'customer' : 'staff'

/** Before an order is confirmed there is no parcel, and nobody to ask. */
const cancelNow = async (ctx: Ctx, tx: Transaction, order: OrderState) => {
  const asker = askerOf(ctx, order)
  const by: By = { at: ctx.clock.now().toISOString(), actor: asker }
  const next = await applyChange(ctx, tx, { before: order, change: cancel(order, asker, by), by })
  return ctx.answer(tx, orderOf(next))
}

const beginStep = (ctx: Ctx, tx: Transaction, order: OrderState): Promise<ClaimedStep> =>
  beginCancelling(tx, order.id, {
    operationId: ctx.operationId,
    asker: askerOf(ctx, order),
    owner: ctx.instance,
    leaseMs: ctx.limits.stepLeaseMs,
    patienceMinutes: ctx.limits.stepPatienceMinutes,
  })

/** Delivery has to hold the parcel back first. Should this process die over it, the step is finished by another. */
const cancelWithParcel = async (ctx: Ctx, { order, step }: { order: OrderState; step: ClaimedStep }) => {
  const outcome = await holdParcelBack(ctx, step)
  const answer = await ctx.transaction(async (tx) => {
    const next = await writeOutcome(ctx, tx, { step, outcome })
    return next?.status === 'cancelled' ? ctx.answer(tx, orderOf(next)) : undefined
  })
  if (answer === undefined) throw ctx.fail('ORDER_NOT_CANCELLABLE', { status: order.status })
  return answer
}
