/** What orders tells: the order as it is after each step. */
import { z } from 'zod'
import { event } from '../event.ts'
import { OrderId } from '../ids.ts'
import { OrderSnapshot } from './model.ts'

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
