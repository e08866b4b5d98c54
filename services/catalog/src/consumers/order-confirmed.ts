import type { orderConfirmed } from '@comptoir/contracts/orders/events'
import { type Handler, PermanentError } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { commit } from '../db/reservations.ts'
import { levelEvents } from '../domain/stock.ts'

/** A safety net: orders commits before it captures, so there is nothing left to do here unless that was lost. */
export const onOrderConfirmed: Handler<typeof orderConfirmed, Context> = async ({ ctx, tx, event }) => {
  const orderId = event.data.id
  const held = await commit(tx, orderId)
  if (held.outcome === 'reserved') return ctx.emit(tx, levelEvents(held.levels))
  // Released since it was confirmed: its cancellation has overtaken this event.
  if (held.outcome === 'closed') return ctx.log.info('A confirmed order was released meanwhile', { orderId })
  throw new PermanentError(`A confirmed order has no units: ${held.outcome}`)
}
