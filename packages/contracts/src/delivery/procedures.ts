/** What delivery answers. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { OrderId, ShipmentId } from '../ids.ts'
import { Price } from '../money.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { IncomingWebhook } from '../payments/model.ts'
import { CountryCode } from '../text.ts'
import { ExportedShipment } from './export.ts'
import { DeliveryOption, Shipment, ShipmentStatus, Tracking } from './model.ts'

const SHIPMENT_NOT_FOUND = { status: 404, message: 'There is no such shipment.' } as const
const SHIPMENT_STATE = { status: 409, data: z.object({ status: ShipmentStatus }) } as const

export const delivery = {
  listOptions: query({
    summary: 'The ways to deliver to a country, cheapest first',
    access: 'public',
    http: { method: 'GET', path: '/v1/delivery-options' },
    input: z.strictObject({ country: CountryCode.optional().describe('GB unless told') }),
    output: z.object({ items: z.array(DeliveryOption) }),
  }),
  quoteOptions: query({
    summary: 'The ways to deliver a cart of this value, with their prices',
    access: 'internal',
    input: z.strictObject({ country: CountryCode, subtotal: Price }),
    output: z.object({ items: z.array(DeliveryOption) }),
  }),
  listShipments: query({
    summary: 'The shipments of an order',
    access: { own: 'guest', all: 'orders:read' },
    http: { method: 'GET', path: '/v1/orders/{orderId}/shipments' },
    input: z.strictObject({ orderId: OrderId }),
    output: z.object({ items: z.array(Shipment) }),
  }),
  exportShipments: query({
    summary: 'The shipments of the caller’s own orders, oldest first, to take along',
    access: 'customer',
    fresh: true,
    http: { method: 'GET', path: '/v1/me/export/shipments' },
    input: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: pageOf(ExportedShipment),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  trackShipment: query({
    summary: 'Where a parcel is',
    access: 'public',
    http: { method: 'GET', path: '/v1/tracking/{trackingNumber}' },
    input: z.strictObject({
      trackingNumber: z
        .string()
        .min(6)
        .max(64)
        .regex(/^[\w-]+$/),
    }),
    output: Tracking,
    errors: { SHIPMENT_NOT_FOUND },
  }),
  dispatchShipment: mutation({
    summary: 'Buy the label of a prepared order’s shipment and hand it to the carrier',
    access: 'delivery:write',
    timeoutMs: 10_000,
    http: { method: 'POST', path: '/v1/shipments/{shipmentId}/dispatch' },
    idempotent: 'optional',
    input: z.strictObject({ shipmentId: ShipmentId }),
    output: Shipment,
    errors: {
      SHIPMENT_NOT_FOUND,
      SHIPMENT_NOT_DISPATCHABLE: { ...SHIPMENT_STATE, message: 'This shipment cannot be dispatched.' },
      ORDER_NOT_PREPARED: { status: 409, message: 'The order has not been prepared.' },
      CARRIER_UNAVAILABLE: { status: 503, message: 'The carrier does not answer; try again.' },
    },
  }),
  cancelShipment: mutation({
    summary: 'Keep an order’s shipment from leaving; refuses once the carrier has it',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId }),
    output: z.object({ cancelled: z.boolean() }),
  }),
  receiveWebhook: mutation({
    summary: 'Keep what the carrier tells; it is worked on afterwards',
    access: 'internal',
    input: IncomingWebhook,
    output: z.object({ duplicate: z.boolean() }),
    errors: { WEBHOOK_SIGNATURE_INVALID: { status: 400, message: 'The signature does not fit.' } },
  }),
}
