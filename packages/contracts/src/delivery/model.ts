/** Ways to deliver, shipments and where they are. */
import { z } from 'zod'
import { OrderId, ShipmentId } from '../ids.ts'
import { Price } from '../money.ts'
import { Timestamp } from '../text.ts'

export const OptionCode = z
  .string()
  .max(40)
  .regex(/^[a-z0-9-]+$/)

export const DeliveryOption = z.object({
  code: OptionCode,
  name: z.string(),
  price: Price,
  daysMin: z.number().int(),
  daysMax: z.number().int(),
})
export type DeliveryOption = z.infer<typeof DeliveryOption>

export const shipmentStatuses = [
  'planned',
  'dispatching',
  'dispatched',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'failed',
  'cancelled',
] as const
export const ShipmentStatus = z.enum(shipmentStatuses)
export type ShipmentStatus = z.infer<typeof ShipmentStatus>

export const TrackingEvent = z.object({ status: ShipmentStatus, description: z.string(), at: Timestamp })
export type TrackingEvent = z.infer<typeof TrackingEvent>

export const Shipment = z.object({
  id: ShipmentId,
  orderId: OrderId,
  orderNumber: z.string(),
  status: ShipmentStatus,
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  trackingUrl: z.url().nullable(),
  events: z.array(TrackingEvent),
  version: z.number().int(),
  createdAt: Timestamp,
})
export type Shipment = z.infer<typeof Shipment>

/** What anybody who knows the tracking number may see: no name, no address. */
export const Tracking = Shipment.pick({ status: true, carrier: true, trackingNumber: true, events: true })
export type Tracking = z.infer<typeof Tracking>
