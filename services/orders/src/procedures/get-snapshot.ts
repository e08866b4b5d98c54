import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findOrder } from '../db/orders.ts'
import { snapshotOf } from '../domain/order.ts'

export const getSnapshot: Procedure<typeof orders.getSnapshot, Context> = async ({ ctx, input }) => {
  const order = await findOrder(ctx.db, input.orderId)
  if (order === undefined) throw ctx.fail('ORDER_NOT_FOUND')
  return snapshotOf(order)
}
