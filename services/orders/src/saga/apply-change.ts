import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { insertHistory } from '../db/history.ts'
import { updateOrder } from '../db/orders.ts'
import { moveSteps, stepsOf } from '../db/steps.ts'
import { type By, cancel, type Change, confirm, followedBy, type OrderState } from '../domain/order.ts'
import { progress } from '../domain/steps.ts'

/**
 * Writes a change of an order whose row the transaction has locked, with its history and its events, and lets the
 * purchase go on from there: the steps that follow are opened or closed, and the order is confirmed once it can be or
 * cancelled once it cannot.
 */
export const applyChange = async (
  ctx: Context,
  tx: Transaction,
  { before, change, by }: { before: OrderState; change: Change; by: By },
): Promise<OrderState> => {
  const whole = before.status === 'received' ? await goOn(ctx, tx, { change, by }) : change
  // Sent together, so that they cost one round trip; none of them reads what another writes.
  await Promise.all([
    whole.next === before ? undefined : updateOrder(tx, before, whole.next),
    insertHistory(tx, { orderId: before.id, ids: ctx.ids }, whole.history),
    ctx.emit(tx, whole.events),
  ])
  if (whole.history.length > 0) ctx.wake('wake-watchers')
  return whole.next
}

const goOn = async (
  ctx: Context,
  tx: Transaction,
  { change, by }: { change: Change; by: By },
): Promise<Change> => {
  const { moves, outcome } = progress(change.next, await stepsOf(tx, change.next.id))
  await moveSteps(tx, change.next.id, { moves, patienceMinutes: ctx.limits.stepPatienceMinutes })
  if (moves.some((move) => move.to === 'ready')) ctx.wake('run-steps')
  if (outcome === 'confirm') return followedBy(change, (next) => confirm(next, by))
  if (outcome === 'cancel') return followedBy(change, (next) => cancel(next, 'payment_failed', by))
  return change
}
