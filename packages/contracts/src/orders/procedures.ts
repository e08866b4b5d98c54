/** What orders answers. */
import { z } from 'zod'
import { OutOfStock } from '../catalog/model.ts'
import { mutation, query, subscription } from '../contract.ts'
import { OrderId } from '../ids.ts'
import { Price } from '../money.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { text, Timestamp } from '../text.ts'
import {
  CartProblems,
  Order,
  OrderSnapshot,
  OrderStatus,
  OrderSummary,
  PriceChange,
  TimelineEntry,
} from './model.ts'

const ORDER_NOT_FOUND = { status: 404, message: 'There is no such order.' } as const
const CURSOR_INVALID = { status: 400, message: 'This cursor does not belong to this list.' } as const
const ORDER_STATE = { status: 409, data: z.object({ status: OrderStatus }) } as const
const own = { own: 'guest', all: 'orders:read' } as const

export const orders = {
  placeOrder: mutation({
    summary: 'Place an order from the caller’s cart',
    access: 'guest',
    http: { method: 'POST', path: '/v1/orders', status: 201 },
    idempotent: 'required',
    input: z.strictObject({
      expectedTotal: Price.optional().describe('What the customer saw; PRICE_CHANGED when it differs'),
    }),
    output: Order,
    errors: {
      CART_NOT_READY: { status: 409, message: 'The cart cannot be ordered as it is.', data: CartProblems },
      CART_ALREADY_ORDERED: {
        status: 409,
        message: 'This cart has already become an order; read the cart again.',
      },
      PRICE_CHANGED: {
        status: 409,
        message: 'The total is not the one that was expected.',
        data: PriceChange,
      },
      OUT_OF_STOCK: { status: 409, message: 'Some lines are not in stock any more.', data: OutOfStock },
    },
  }),
  listOrders: query({
    summary: 'Orders, newest first: one’s own, or everybody’s for staff',
    access: own,
    http: { method: 'GET', path: '/v1/orders' },
    input: z.strictObject({
      status: OrderStatus.optional(),
      placedAfter: Timestamp.optional(),
      placedBefore: Timestamp.optional(),
      q: text(100).optional().describe('An order number'),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(OrderSummary),
    errors: { CURSOR_INVALID },
  }),
  exportOrders: query({
    summary: 'The caller’s own orders whole, oldest first, to take along',
    access: 'customer',
    fresh: true,
    http: { method: 'GET', path: '/v1/me/export/orders' },
    input: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: pageOf(Order),
    errors: { CURSOR_INVALID },
  }),
  getOrder: query({
    summary: 'One order',
    access: own,
    http: { method: 'GET', path: '/v1/orders/{orderId}' },
    input: z.strictObject({ orderId: OrderId }),
    output: Order,
    errors: { ORDER_NOT_FOUND },
  }),
  cancelOrder: mutation({
    summary: 'Cancel an order that has not been shipped; what was paid is given back',
    description:
      'To cancel somebody else’s order that money was paid or held for takes the right `payments:refund` as well.',
    access: { own: 'guest', all: 'orders:write' },
    fresh: 'all',
    http: { method: 'POST', path: '/v1/orders/{orderId}/cancel' },
    idempotent: 'optional',
    input: z.strictObject({ orderId: OrderId }),
    output: Order,
    errors: {
      ORDER_NOT_FOUND,
      ORDER_NOT_CANCELLABLE: { ...ORDER_STATE, message: 'The order cannot be cancelled any more.' },
    },
  }),
  prepareOrder: mutation({
    summary: 'Say that a confirmed order is packed',
    access: 'orders:write',
    http: { method: 'POST', path: '/v1/orders/{orderId}/prepare' },
    idempotent: 'optional',
    input: z.strictObject({ orderId: OrderId }),
    output: Order,
    errors: {
      ORDER_NOT_FOUND,
      ORDER_NOT_PREPARABLE: {
        ...ORDER_STATE,
        message: 'Only a confirmed order that is paid can be prepared.',
      },
    },
  }),
  getTimeline: query({
    summary: 'Everything that happened to an order, oldest first',
    access: own,
    http: { method: 'GET', path: '/v1/orders/{orderId}/timeline' },
    input: z.strictObject({ orderId: OrderId }),
    output: z.object({ items: z.array(TimelineEntry) }),
    errors: { ORDER_NOT_FOUND },
  }),
  watchOrder: subscription({
    summary: 'The timeline as it grows; ends with the order',
    access: own,
    http: { method: 'GET', path: '/v1/orders/{orderId}/events' },
    input: z.strictObject({ orderId: OrderId, lastEventId: z.string().max(64).nullish() }),
    output: TimelineEntry,
    errors: { ORDER_NOT_FOUND },
  }),
  getSnapshot: query({
    summary: 'An order as other services see it',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId }),
    output: OrderSnapshot,
    errors: { ORDER_NOT_FOUND },
  }),
}
