/** What orders tells: the order as it is after each step. */
import { z } from 'zod'
import { event } from '../event.ts'
import { OrderId, UserId } from '../ids.ts'
import { OrderSnapshot, OrderStatus } from './model.ts'

export const orderReceived = event({
  subject: 'orders.order.received.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})
export const orderConfirmed = event({
  subject: 'orders.order.confirmed.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})
export const orderPrepared = event({
  subject: 'orders.order.prepared.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})
export const orderShipped = event({
  subject: 'orders.order.shipped.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})
export const orderDelivered = event({
  subject: 'orders.order.delivered.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})
export const orderCancelled = event({
  subject: 'orders.order.cancelled.v1',
  aggregate: 'order',
  data: OrderSnapshot,
})

/**
 * An order of somebody who was erased has ended: nobody needs to know any more whom it went to. No move of the order, so
 * that it has the version of the last one.
 */
export const orderRedacted = event({
  subject: 'orders.order.redacted.v1',
  aggregate: 'order',
  data: z.object({ orderId: OrderId }),
})

/**
 * An order that was placed as a guest belongs to the account that has proved its e-mail address. At most once in an
 * order’s life, and no move of it, so that it has the version of the last one.
 */
export const orderLinked = event({
  subject: 'orders.order.linked.v1',
  aggregate: 'order',
  data: z.object({ orderId: OrderId, ownerId: UserId, status: OrderStatus }),
})
