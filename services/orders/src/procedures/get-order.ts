import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findOrder, reach } from '../db/orders.ts'
import { orderOf } from '../domain/order.ts'

export const getOrder: Procedure<typeof orders.getOrder, Context> = async ({ ctx, input }) => {
  const order = await findOrder(ctx.db, input.orderId, reach(ctx.actor, 'orders:read'))
  if (order === undefined) throw ctx.fail('ORDER_NOT_FOUND')
  return orderOf(order)
}
