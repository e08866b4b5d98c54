import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { lockOrder } from '../db/orders.ts'
import { allows, type By, isPaid, orderOf, prepare } from '../domain/order.ts'
import { applyChange } from '../saga/apply-change.ts'

export const prepareOrder: Procedure<typeof orders.prepareOrder, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const before = await lockOrder(tx, input.orderId)
    if (before === undefined) throw ctx.fail('ORDER_NOT_FOUND')
    // The money of a confirmed order may have been given back since.
    if (!allows(before.status, 'prepared') || !isPaid(before)) {
      throw ctx.fail('ORDER_NOT_PREPARABLE', { status: before.status })
    }
    const by: By = { at: ctx.clock.now().toISOString(), actor: 'staff' }
    const next = await applyChange(ctx, tx, { before, change: prepare(before, by), by })
    return ctx.answer(tx, orderOf(next))
  })
