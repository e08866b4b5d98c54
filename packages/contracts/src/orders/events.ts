/** What orders tells: the order as it is after each step. */
import { event } from '../event.ts'
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
