import { z } from 'zod'
import type { Shipment } from '../domain/shipment.ts'
import type { CarrierEvent } from '../domain/tracking.ts'

/** The carrier's words, and ours for them. A label or a collection says no more than that the parcel is dispatched. */
const statuses = {
  label_created: 'dispatched',
  collected: 'dispatched',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  delivered: 'delivered',
  failed: 'failed',
  returned: 'failed',
} as const satisfies Record<string, CarrierEvent['status']>

export const CarrierLabel = z.object({
  trackingNumber: z.string().min(6).max(64),
  trackingUrl: z.url(),
  carrier: z.string().max(100),
})

export const TrackingNews = z.object({
  id: z.string().min(1).max(200),
  trackingNumber: z.string().max(64),
  status: z.enum(Object.keys(statuses) as (keyof typeof statuses)[]),
  description: z.string().max(500),
  occurredAt: z.iso.datetime(),
})
export type TrackingNews = z.infer<typeof TrackingNews>

/** Events of a kind that is not known yet are left out rather than losing the others. */
export const CarrierShipment = z.object({ events: z.array(z.unknown()).max(1_000) })

export const CarrierFault = z.object({ error: z.object({ code: z.string().max(100) }) })

export const carrierEvent = (news: TrackingNews): CarrierEvent => ({
  id: news.id,
  status: statuses[news.status],
  description: news.description,
  at: new Date(news.occurredAt),
})

/** The label request; its reference makes asking again harmless. */
export const labelRequest = ({ id, option, address, contact }: Shipment) => ({
  reference: id,
  service: option === 'express' ? 'express' : 'standard',
  recipient: {
    ...address,
    email: contact.email,
    ...(contact.phone === undefined ? {} : { phone: contact.phone }),
  },
})
