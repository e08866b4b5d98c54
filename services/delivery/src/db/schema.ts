import type { Contact } from '@comptoir/contracts/carts/model'
import type { StockLine } from '@comptoir/contracts/catalog/model'
import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import type { OrderId, ShipmentId } from '@comptoir/contracts/ids'
import type { Address } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { CarrierEvent } from '../domain/tracking.ts'

export { deadLetters, idempotencyKeys, inbox, outbox, redactions } from '@comptoir/service-kit/tables'

const moment = () => timestamp({ withTimezone: true })

export const shipments = pgTable(
  'shipments',
  {
    id: uuid().$type<ShipmentId>().primaryKey(),
    orderId: uuid().$type<OrderId>().notNull().unique(),
    orderNumber: text().notNull(),
    ownerId: text().notNull(),
    status: text().$type<ShipmentStatus>().notNull(),
    option: text().notNull(),
    contact: jsonb().$type<Contact>().notNull(),
    address: jsonb().$type<Address>().notNull(),
    lines: jsonb().$type<StockLine[]>().notNull(),
    /** The trace that placed and paid the order, which the workers continue. */
    traceparent: text(),
    carrier: text(),
    trackingNumber: text().unique(),
    trackingUrl: text(),
    version: integer().notNull(),
    /** The operation that took the dispatch up last: its retries are answered, whoever finished it. */
    dispatchOperation: uuid(),
    /** Until then whoever took the dispatch up has it to himself. */
    leaseUntil: moment(),
    dispatchedAt: moment(),
    /** When the shipment last moved. */
    heardAt: moment(),
    /** When to ask the carrier, if it tells nothing by then. */
    askAt: moment(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // exportShipments.
    index('shipments_owner').on(table.ownerId, table.id),
    // The worker that finishes dispatches.
    index('shipments_dispatching')
      .on(table.leaseUntil)
      .where(sql`status = 'dispatching'`),
    // The worker that asks the carrier about parcels it was not told of.
    index('shipments_silent')
      .on(table.askAt)
      .where(sql`ask_at is not null`),
    check(
      'shipments_status',
      sql`status in ('planned', 'dispatching', 'dispatched', 'in_transit', 'out_for_delivery', 'delivered', 'failed', 'cancelled')`,
    ),
  ],
)

/** Orders that were cancelled before there was a shipment: none is planned for them any more. */
export const cancelledOrders = pgTable('cancelled_orders', {
  orderId: uuid().$type<OrderId>().primaryKey(),
  createdAt: moment().notNull(),
})

/** Append-only: everything the carrier told, also what came too late to matter. */
export const trackingEvents = pgTable(
  'tracking_events',
  {
    providerEventId: text().primaryKey(),
    shipmentId: uuid()
      .$type<ShipmentId>()
      .notNull()
      .references(() => shipments.id),
    status: text().$type<CarrierEvent['status']>().notNull(),
    rank: integer().notNull(),
    description: text().notNull(),
    at: moment().notNull(),
    applied: boolean().notNull(),
    createdAt: moment().notNull(),
  },
  // The parcel's story, for every answer that shows it.
  (table) => [index('tracking_events_shipment').on(table.shipmentId, table.at)],
)

export const webhookOutcomes = ['heard', 'unknown', 'unreadable'] as const
export type WebhookOutcome = (typeof webhookOutcomes)[number]

/** Webhooks as they came in, verified but not understood. */
export const carrierWebhooks = pgTable(
  'carrier_webhooks',
  {
    eventId: text().primaryKey(),
    body: text().notNull(),
    tries: integer().notNull().default(0),
    notBefore: moment().notNull(),
    processedAt: moment(),
    outcome: text().$type<WebhookOutcome>(),
    createdAt: moment().notNull(),
  },
  // The worker's next one.
  (table) => [
    index('carrier_webhooks_waiting')
      .on(table.notBefore)
      .where(sql`processed_at is null`),
  ],
)
