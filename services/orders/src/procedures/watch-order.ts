import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { positionOf, timelineAfter } from '../db/history.ts'
import { findStatus, reach } from '../db/orders.ts'
import { isOver } from '../domain/order.ts'

export const watchOrder: Procedure<typeof orders.watchOrder, Context> = async function* ({
  ctx,
  input,
  signal,
}) {
  const { orderId, lastEventId } = input
  const mine = reach(ctx.actor, 'orders:read')
  using watch = ctx.watchers.open(orderId)
  let position = await positionOf(ctx.db, orderId, lastEventId ?? '')
  while (!signal.aborted) {
    // Read before the entries: once the order is over here, all it has to tell is among them.
    const status = await findStatus(ctx.db, orderId, mine)
    if (status === undefined) throw ctx.fail('ORDER_NOT_FOUND')
    const rows = await timelineAfter(ctx.db, orderId, position)
    for (const row of rows) {
      yield row.entry
      position = row.position
    }
    if (isOver(status)) return
    // What was told may be newer than the status: only with nothing left to tell is there something to wait for.
    if (rows.length === 0) await watch.after(position, signal)
  }
}
