/** What delivery tells: the shipment as it is after each step. */
import { z } from 'zod'
import { Contact } from '../carts/model.ts'
import { StockLine } from '../catalog/model.ts'
import { event } from '../event.ts'
import { ShipmentId } from '../ids.ts'
import { Shipment } from './model.ts'

const ShipmentData = Shipment.omit({ id: true, events: true, createdAt: true }).extend({
  shipmentId: ShipmentId,
  contact: Contact,
  lines: z.array(StockLine),
})

export const shipmentPlanned = event({
  subject: 'delivery.shipment.planned.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
export const shipmentDispatched = event({
  subject: 'delivery.shipment.dispatched.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
export const shipmentTracked = event({
  subject: 'delivery.shipment.tracked.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
export const shipmentDelivered = event({
  subject: 'delivery.shipment.delivered.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
export const shipmentFailed = event({
  subject: 'delivery.shipment.failed.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
export const shipmentCancelled = event({
  subject: 'delivery.shipment.cancelled.v1',
  aggregate: 'shipment',
  data: ShipmentData,
})
