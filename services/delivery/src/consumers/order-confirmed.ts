import type { ShipmentId } from '@comptoir/contracts/ids'
import type { orderConfirmed } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { Context } from '../context.ts'
import { insertShipment, isOrderCancelled, lockOrder } from '../db/shipments.ts'
import { plan } from '../domain/shipment.ts'

/** A paid order gets its one shipment, unless it was cancelled before we heard that it was paid. */
export const onOrderConfirmed: Handler<typeof orderConfirmed, Context> = async ({ ctx, tx, event }) => {
  const order = event.data
  await lockOrder(tx, order.id)
  if (await isOrderCancelled(tx, order.id)) return
  const { next, events } = plan(order, ctx.ids.next<ShipmentId>(), ctx.clock.now())
  const traceparent = currentTraceparent() ?? null
  if (await insertShipment(tx, { ...next, traceparent })) await ctx.emit(tx, events)
}
