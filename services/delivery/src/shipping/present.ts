import type { Shipment as ShownShipment, TrackingEvent } from '@comptoir/contracts/delivery/model'
import type { Queryable } from '@comptoir/service-kit/database'
import { listTracking } from '../db/tracking.ts'
import type { Shipment } from '../domain/shipment.ts'

/** The shipment as the contract shows it, with what the carrier told. */
export const present = async (queryable: Queryable, shipment: Shipment): Promise<ShownShipment> => ({
  id: shipment.id,
  orderId: shipment.orderId,
  orderNumber: shipment.orderNumber,
  status: shipment.status,
  carrier: shipment.carrier,
  trackingNumber: shipment.trackingNumber,
  trackingUrl: shipment.trackingUrl,
  events: await presentTracking(queryable, shipment),
  version: shipment.version,
  createdAt: shipment.createdAt.toISOString(),
})

export const presentTracking = async (queryable: Queryable, shipment: Shipment): Promise<TrackingEvent[]> => {
  const logged = await listTracking(queryable, shipment.id)
  return logged.map(({ status, description, at }) => ({ status, description, at: at.toISOString() }))
}
