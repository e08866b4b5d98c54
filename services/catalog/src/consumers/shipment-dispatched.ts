import type { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { type Handler, PermanentError } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { commit, ship } from '../db/reservations.ts'
import { levelEvents } from '../domain/stock.ts'

/** The units of an order have left the house. The shipment may be heard of before the order's confirmation is. */
export const onShipmentDispatched: Handler<typeof shipmentDispatched, Context> = async ({
  ctx,
  tx,
  event,
}) => {
  const { orderId } = event.data
  const held = await commit(tx, orderId)
  if (held.outcome !== 'reserved')
    throw new PermanentError(`A dispatched order has no units: ${held.outcome}`)
  await ctx.emit(tx, [...levelEvents(held.levels), ...levelEvents(await ship(tx, orderId))])
}
