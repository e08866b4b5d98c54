import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { latestPositions } from '../db/history.ts'

/** Tells who watches an order that it has news: at once when this process wrote it, within a second when another did. */
export const wakeWatchers: Worker<Context> = {
  name: 'wake-watchers',
  everyMs: 1_000,
  run: async (ctx) => {
    const orderIds = ctx.watchers.orderIds()
    if (orderIds.length === 0) return
    for (const { orderId, position } of await latestPositions(ctx.db, orderIds)) {
      ctx.watchers.tell(orderId, position)
    }
  },
}
