import type { OrderId } from '@comptoir/contracts/ids'
import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findOrder, lockOrder, reach } from '../db/orders.ts'
import { allows, type By, cancel, type OrderState, orderOf } from '../domain/order.ts'
import { applyChange } from '../saga/apply-change.ts'

type CancelOrder = typeof orders.cancelOrder
type Ctx = Context & Call<CancelOrder>

export const cancelOrder: Procedure<CancelOrder, Context> = async ({ ctx, input }) => {
  for (;;) {
    const seen = await findOrder(ctx.db, input.orderId, reach(ctx.actor, 'orders:write'))
    if (seen === undefined) throw ctx.fail('ORDER_NOT_FOUND')
    if (!allows(seen.status, 'cancelled') || !(await keepsParcel(ctx, seen))) {
      throw ctx.fail('ORDER_NOT_CANCELLABLE', { status: seen.status })
    }
    const cancelled = await cancelAsSeen(ctx, input.orderId, seen.status)
    // The order moved on meanwhile; statuses only move forward, so this ends.
    if (cancelled !== undefined) return cancelled
  }
}

/** Before an order is confirmed there is no parcel; afterwards delivery has to hold it back first. */
const keepsParcel = async (ctx: Ctx, order: OrderState): Promise<boolean> =>
  order.status === 'received' || (await ctx.clients.delivery.cancelShipment({ orderId: order.id })).cancelled

const cancelAsSeen = (ctx: Ctx, orderId: OrderId, status: OrderState['status']) =>
  ctx.transaction(async (tx) => {
    const before = await lockOrder(tx, orderId)
    if (before?.status !== status) return undefined
    const actor = before.owner.id === ctx.actor.id ? 'customer' : 'staff'
    const by: By = { at: ctx.clock.now().toISOString(), actor }
    const next = await applyChange(ctx, tx, { before, change: cancel(before, actor, by), by })
    return ctx.answer(tx, orderOf(next))
  })
