import { occurred } from '@comptoir/contracts/event'
import type { OrderId } from '@comptoir/contracts/ids'
import { orderRedacted } from '@comptoir/contracts/orders/events'
import { sweep } from '@comptoir/service-kit/sweep'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { type Erasure, findErasures, lockErasure, markErasures, redactOrder } from '../db/redactions.ts'
import { isForgettable } from '../domain/forgetting.ts'

const batch = 50
const name = 'redact-orders'

/** Forgets whom an order went to once it is over and its owner was erased, and has the others forget it. */
export const redactOrders: Worker<Context> = {
  name,
  everyMs: 5_000,
  run: async (ctx, signal) => {
    await markErasures(ctx.db)
    await sweep<Erasure>({
      worker: name,
      log: ctx.log,
      signal,
      page: (after) => findErasures(ctx.db, after?.id, batch),
      work: async (order) => {
        if (isForgettable(order)) await redact(ctx, order.id)
      },
    })
  },
}

const redact = (ctx: Context, orderId: OrderId): Promise<void> =>
  ctx.transaction(async (tx) => {
    const order = await lockErasure(tx, orderId)
    if (order === undefined || !isForgettable(order)) return
    const version = await redactOrder(tx, orderId)
    await ctx.emit(tx, [occurred(orderRedacted, { aggregateId: orderId, version, data: { orderId } })])
  })
