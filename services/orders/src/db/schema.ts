import type { Contact } from '@comptoir/contracts/carts/model'
import type { TaxClass } from '@comptoir/contracts/catalog/model'
import type { DeliveryOption } from '@comptoir/contracts/delivery/model'
import type { CartId, OrderId, ProductId, UserId, VariantId } from '@comptoir/contracts/ids'
import {
  type CancelReason,
  DeliveryState,
  orderStatuses,
  PaymentState,
  TimelineEntry,
} from '@comptoir/contracts/orders/model'
import type { Address } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { OrderState } from '../domain/order.ts'
import { type StepName, type StepState, stepNames, stepStates } from '../domain/steps.ts'

export {
  deadLetters,
  idempotencyKeysByAnswer as idempotencyKeys,
  inbox,
  outbox,
  redactions,
} from '@comptoir/service-kit/tables'

const amount = () => bigint({ mode: 'number' }).notNull()
const moment = () => timestamp({ withTimezone: true, precision: 3 })
// Not rounded: what is due now must not lie half a millisecond ahead.
const exactMoment = () => timestamp({ withTimezone: true })
const oneOf = (column: string, values: readonly string[]) =>
  sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(', ')})`)

export const orderNumbers = pgSequence('order_numbers', { startWith: 1001 })

export const orders = pgTable(
  'orders',
  {
    id: uuid().$type<OrderId>().primaryKey(),
    number: text()
      .notNull()
      .default(sql`'C-' || nextval('order_numbers')`),
    ownerKind: text().$type<OrderState['owner']['kind']>().notNull(),
    ownerId: text().notNull(),
    cartId: uuid().$type<CartId>().notNull(),
    cartVersion: integer().notNull(),
    status: text({ enum: orderStatuses }).notNull(),
    paymentStatus: text().$type<PaymentState>().notNull(),
    deliveryStatus: text().$type<DeliveryState>().notNull(),
    attention: text(),
    contact: jsonb().$type<Contact>().notNull(),
    address: jsonb().$type<Address>().notNull(),
    deliveryOption: jsonb().$type<DeliveryOption>().notNull(),
    currency: text().notNull(),
    subtotalMinor: amount(),
    deliveryMinor: amount(),
    taxMinor: amount(),
    totalMinor: amount(),
    cancelReason: text().$type<CancelReason>(),
    /** Whether the owner was erased: then contact and address go once the order has ended, and have gone. */
    erasure: text().$type<'due' | 'done'>(),
    /** Counts the moves of the status; each is one event. */
    version: integer().notNull(),
    /** Whether payments has said that it holds no money of the order, and waits for none. */
    moneyReturned: boolean().notNull().default(false),
    /** The newest events heard of the order's payment and shipment; older ones say nothing. */
    paymentVersion: integer().notNull().default(0),
    deliveryVersion: integer().notNull().default(0),
    placedAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // One order of a cart, whatever the key it is placed with: placeOrder.
    uniqueIndex('orders_cart').on(table.cartId),
    // listOrders by number.
    uniqueIndex('orders_number').on(table.number),
    // listOrders of a shopper.
    index('orders_owner').on(table.ownerKind, table.ownerId, table.placedAt, table.id),
    // listOrders of everybody.
    index('orders_placed').on(table.placedAt, table.id),
    // listOrders of everybody in one status.
    index('orders_status').on(table.status, table.placedAt, table.id),
    // findErasures.
    index('orders_erasure_due')
      .on(table.id)
      .where(sql`erasure = 'due'`),
    // linkOrders.
    index('orders_guest_email')
      .on(sql`lower(contact->>'email')`)
      .where(sql`owner_kind = 'guest'`),
    check('orders_owner_kind', oneOf('owner_kind', ['guest', 'customer'])),
    check('orders_status_known', oneOf('status', orderStatuses)),
    check('orders_payment_status_known', oneOf('payment_status', PaymentState.options)),
    check('orders_delivery_status_known', oneOf('delivery_status', DeliveryState.options)),
    check('orders_cancel_reason', sql`(status = 'cancelled') = (cancel_reason is not null)`),
    check('orders_total', sql`total_minor >= 0`),
  ],
)

export const orderLines = pgTable(
  'order_lines',
  {
    orderId: uuid()
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    position: integer().notNull(),
    variantId: uuid().$type<VariantId>().notNull(),
    productId: uuid().$type<ProductId>().notNull(),
    sku: text().notNull(),
    name: text().notNull(),
    quantity: integer().notNull(),
    unitPriceMinor: amount(),
    totalMinor: amount(),
    taxClass: text().$type<TaxClass>().notNull(),
    taxMinor: amount(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check('order_lines_quantity', sql`quantity > 0`),
  ],
)

export const statusHistory = pgTable(
  'status_history',
  {
    id: uuid().primaryKey(),
    /** Rises with every row of an order, because whoever adds one holds the order's row lock. */
    position: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    orderId: uuid()
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    kind: text().$type<TimelineEntry['kind']>().notNull(),
    status: text().notNull(),
    actor: text().notNull(),
    reason: text(),
    at: moment().notNull(),
    eventId: uuid(),
  },
  (table) => [
    // getTimeline, watchOrder.
    index('status_history_order').on(table.orderId, table.position),
    // An order is in each status once at most, so every move has exactly one row.
    uniqueIndex('status_history_move')
      .on(table.orderId, table.status)
      .where(sql`kind = 'order'`),
    // An event changes a projection once at most.
    uniqueIndex('status_history_event')
      .on(table.orderId, table.kind, table.status, table.eventId)
      .where(sql`event_id is not null`),
    check('status_history_kind', oneOf('kind', TimelineEntry.shape.kind.options)),
  ],
)

export const orderSteps = pgTable(
  'order_steps',
  {
    orderId: uuid()
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    name: text().$type<StepName>().notNull(),
    attempt: integer().notNull(),
    state: text().$type<StepState>().notNull(),
    /** The same however often the step is tried: UUIDv5 of order, name and attempt; of a cancellation, who asked for it. */
    opId: uuid().notNull(),
    inputHash: text().notNull(),
    output: jsonb().$type<unknown>(),
    /** For whom a cancellation was begun. */
    asker: text().$type<'customer' | 'staff'>(),
    /** The trace of the request that made the step, which doing it continues. */
    traceparent: text(),
    /** Code of the last failure. */
    error: text(),
    tries: integer().notNull().default(0),
    leaseOwner: text(),
    /** Rises with every claim and every decision over the step's head: who wrote down another one writes nothing. */
    leaseEpoch: integer().notNull().default(0),
    leaseUntil: exactMoment(),
    /** When a worker may take it; null while it waits for something else. */
    runAt: exactMoment(),
    deadlineAt: exactMoment(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.name, table.attempt] }),
    // claimSteps.
    index('order_steps_due')
      .on(table.runAt)
      .where(sql`run_at is not null`),
    check('order_steps_name', oneOf('name', stepNames)),
    check('order_steps_state', oneOf('state', stepStates)),
  ],
)

/** Shoppers who were erased. */
export const erasedOwners = pgTable(
  'erased_owners',
  { ownerId: text().primaryKey(), erasedAt: exactMoment().notNull().defaultNow() },
  // markErasures.
  (table) => [index('erased_owners_at').on(table.erasedAt)],
)

/** Addresses that somebody has proved to hold, until the orders that guests placed with them are linked. */
export const provedAddresses = pgTable(
  'proved_addresses',
  { userId: uuid().$type<UserId>().notNull(), email: text().notNull() },
  (table) => [primaryKey({ columns: [table.userId, table.email] })],
)
