import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { timelineAfter } from '../db/history.ts'
import { findStatus, reach } from '../db/orders.ts'

export const getTimeline: Procedure<typeof orders.getTimeline, Context> = async ({ ctx, input }) => {
  const status = await findStatus(ctx.db, input.orderId, reach(ctx.actor, 'orders:read'))
  if (status === undefined) throw ctx.fail('ORDER_NOT_FOUND')
  const rows = await timelineAfter(ctx.db, input.orderId, 0)
  return { items: rows.map((row) => row.entry) }
}
