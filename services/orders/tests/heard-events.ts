import type { Occurrence } from '@comptoir/contracts/event'
import { occurred } from '@comptoir/contracts/event'
import * as shipments from '@comptoir/contracts/delivery/events'
import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import type { PaymentId, ShipmentId } from '@comptoir/contracts/ids'
import type { Order } from '@comptoir/contracts/orders/model'
import * as money from '@comptoir/contracts/payments/events'

export type PaymentNews = 'authorized' | 'captured' | 'failed' | 'refunded' | 'partly-refunded' | 'cancelled'
type Facts = Pick<Order, 'id' | 'number' | 'totals' | 'contact' | 'lines'>

const payments = {
  authorized: { event: money.paymentAuthorized, status: 'authorized', version: 2 },
  failed: { event: money.paymentFailed, status: 'started', version: 3 },
  captured: { event: money.paymentCaptured, status: 'captured', version: 4 },
  'partly-refunded': { event: money.paymentRefunded, status: 'captured', version: 5 },
  refunded: { event: money.paymentRefunded, status: 'refunded', version: 6 },
  cancelled: { event: money.paymentCancelled, status: 'cancelled', version: 7 },
} as const

/** What payments would tell of an order's payment; the aggregate's versions stand in the table unless told. */
export const paymentNews = (order: Facts, news: PaymentNews, told?: number): Occurrence => {
  const { event, status, version } = payments[news]
  const { total, currency } = { ...order.totals }
  const amount = (amountMinor: number) => ({ amountMinor, currency })
  const captured = ['captured', 'partly-refunded', 'refunded'].includes(news)
  return occurred(event, {
    aggregateId: paymentIdOf(order),
    version: told ?? version,
    data: {
      id: paymentIdOf(order),
      orderId: order.id,
      provider: 'stripe',
      status,
      amount: total,
      authorized: news === 'failed' ? amount(0) : total,
      captured: captured ? total : amount(0),
      refunded: news === 'refunded' ? total : amount(news === 'partly-refunded' ? 1 : 0),
      failure: news === 'failed' ? 'card_declined' : null,
      version: told ?? version,
      orderNumber: order.number,
      contact: order.contact,
      settlesCancelled: false,
    },
  })
}

const shipmentEvents = {
  planned: { event: shipments.shipmentPlanned, version: 1 },
  dispatching: { event: shipments.shipmentPlanned, version: 2 },
  dispatched: { event: shipments.shipmentDispatched, version: 3 },
  in_transit: { event: shipments.shipmentTracked, version: 4 },
  out_for_delivery: { event: shipments.shipmentTracked, version: 5 },
  delivered: { event: shipments.shipmentDelivered, version: 7 },
  failed: { event: shipments.shipmentFailed, version: 6 },
  cancelled: { event: shipments.shipmentCancelled, version: 2 },
} as const satisfies Record<ShipmentStatus, object>

/** What delivery would tell of an order's shipment. */
export const shipmentNews = (order: Facts, status: ShipmentStatus): Occurrence => {
  const { event, version } = shipmentEvents[status]
  const id = shipmentIdOf(order)
  return occurred(event, {
    aggregateId: id,
    version,
    data: {
      shipmentId: id,
      orderId: order.id,
      orderNumber: order.number,
      status,
      carrier: 'carrier',
      trackingNumber: 'TRACK-1',
      trackingUrl: null,
      version,
      contact: order.contact,
      lines: order.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
    },
  })
}

// Ids of their own that can be told from the order's.
const paymentIdOf = (order: Facts) => `${order.id.slice(0, -1)}a` as PaymentId
const shipmentIdOf = (order: Facts) => `${order.id.slice(0, -1)}b` as ShipmentId
