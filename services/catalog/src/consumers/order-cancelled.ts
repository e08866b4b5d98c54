import type { orderCancelled } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { release } from '../db/reservations.ts'
import { levelEvents } from '../domain/stock.ts'

/** A cancelled order gives its units back, also those it had committed, and can never take any again. */
export const onOrderCancelled: Handler<typeof orderCancelled, Context> = async ({ ctx, tx, event }) => {
  const { state, levels } = await release(tx, event.data.id)
  if (state === 'shipped')
    ctx.log.warn('An order was cancelled whose units have left', { orderId: event.data.id })
  await ctx.emit(tx, levelEvents(levels))
}
