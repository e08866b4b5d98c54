import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { lockShipment, saveShipment } from '../db/shipments.ts'
import { logTracking } from '../db/tracking.ts'
import type { Shipment } from '../domain/shipment.ts'
import { type CarrierEvent, hear } from '../domain/tracking.ts'

/** Logs what the carrier told, oldest first, and moves the shipment where it is news. Repeating it changes nothing. */
export const hearNews = async (
  ctx: Context,
  tx: Transaction,
  { shipmentId, events }: { shipmentId: Shipment['id']; events: readonly CarrierEvent[] },
): Promise<void> => {
  let shipment = await lockShipment(tx, shipmentId)
  for (const event of events) {
    if (shipment === undefined) throw new Error('A shipment with a tracking number is not there')
    shipment = await hearOne(ctx, tx, { shipment, event })
  }
}

const hearOne = async (
  ctx: Context,
  tx: Transaction,
  { shipment, event }: { shipment: Shipment; event: CarrierEvent },
): Promise<Shipment> => {
  const transition = hear(shipment, event)
  const logged = { shipmentId: shipment.id, event, applied: transition !== undefined }
  if (!(await logTracking(tx, logged)) || transition === undefined) return shipment
  const { next, events } = transition
  const asking = next.status === 'delivered' ? {} : { askAfterMs: ctx.reconcileMs }
  const saved = await saveShipment(tx, { from: shipment, next, ...asking })
  if (!saved) throw new Error('A locked shipment has moved')
  await ctx.emit(tx, events)
  return next
}
