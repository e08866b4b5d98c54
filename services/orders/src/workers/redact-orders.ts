import { occurred } from '@comptoir/contracts/event'
import type { OrderId } from '@comptoir/contracts/ids'
import { orderRedacted } from '@comptoir/contracts/orders/events'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { findRedactable, markErasures, redactOrder } from '../db/redactions.ts'

const batch = 50

/** Forgets whom an order went to once it has ended and its owner was erased, and has the others forget it. */
export const redactOrders: Worker<Context> = {
  name: 'redact-orders',
  everyMs: 5_000,
  run: async (ctx) => {
    await markErasures(ctx.db)
    const due = await findRedactable(ctx.db, batch)
    for (const { id } of due) await redact(ctx, id)
    return due.length === batch
  },
}

const redact = (ctx: Context, orderId: OrderId): Promise<void> =>
  ctx.transaction(async (tx) => {
    const version = await redactOrder(tx, orderId)
    if (version === undefined) return
    await ctx.emit(tx, [occurred(orderRedacted, { aggregateId: orderId, version, data: { orderId } })])
  })
