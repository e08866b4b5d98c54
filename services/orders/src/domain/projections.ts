import type { DeliveryState, OrderStatus, PaymentState } from '@comptoir/contracts/orders/model'
import { AMOUNT_MISMATCH, type Payment } from '@comptoir/contracts/payments/model'
import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import { type Attention, attentions } from './attention.ts'
import {
  allows,
  type By,
  type Change,
  deliver,
  entry,
  followedBy,
  isOver,
  type OrderState,
  ship,
} from './order.ts'

type PaymentFacts = Pick<Payment, 'status' | 'captured' | 'refunded' | 'failure'>

/**
 * What payments said, put on the order. Events tell the whole state, so the newest one alone is enough, and an older
 * one that comes late (its version is not above the last) says nothing: undefined.
 */
export const paymentChanged = (
  order: OrderState,
  payment: { version: number; facts: PaymentFacts },
  by: By,
): Change | undefined => {
  if (payment.version <= order.paymentVersion) return undefined
  const told = paymentStateOf(payment.facts)
  // Money that is only authorised for a cancelled order is given free again by payments: not worth a row.
  const paymentStatus = order.status === 'cancelled' && told === 'authorized' ? order.paymentStatus : told
  const changed = paymentStatus !== order.paymentStatus
  return {
    next: {
      ...order,
      paymentStatus,
      moneyReturned: payment.facts.status === 'cancelled' || payment.facts.status === 'refunded',
      paymentVersion: payment.version,
      attention: worryOf(order, { paymentStatus, changed, failure: payment.facts.failure }),
      updatedAt: changed ? by.at : order.updatedAt,
    },
    history: changed
      ? [entry(by, { kind: 'payment', status: paymentStatus, reason: payment.facts.failure })]
      : [],
    events: [],
  }
}

// A received order whose money is back is cancelled by its steps; one that has left may well be sent back and refunded.
const worryOf = (
  order: OrderState,
  told: { paymentStatus: PaymentState; changed: boolean; failure: string | null },
): string | null => {
  if (told.failure === AMOUNT_MISMATCH) return attentions.amountMismatch
  const willLeave = order.status === 'confirmed' || order.status === 'prepared'
  return told.changed && told.paymentStatus === 'refunded' && willLeave
    ? attentions.moneyGivenBack
    : order.attention
}

/** What a payment means for its order. */
export const paymentStateOf = (payment: PaymentFacts): PaymentState => {
  const captured = payment.captured.amountMinor
  const refunded = payment.refunded.amountMinor
  if (payment.status === 'refunded') return 'refunded'
  if (captured > 0 && refunded >= captured) return 'refunded'
  if (refunded > 0) return 'partially_refunded'
  if (payment.status === 'captured') return 'paid'
  if (payment.status === 'authorized') return 'authorized'
  if (payment.status === 'cancelled') return 'unpaid'
  return payment.failure === null ? 'unpaid' : 'failed'
}

const deliveryStates = {
  planned: 'planned',
  dispatching: 'planned',
  dispatched: 'dispatched',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  delivered: 'delivered',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<ShipmentStatus, DeliveryState>

/** What delivery said, put on the order, which is shipped or delivered by it. Undefined when it is old news. */
export const deliveryChanged = (
  order: OrderState,
  shipment: { version: number; status: ShipmentStatus },
  by: By,
): Change | undefined => {
  if (shipment.version <= order.deliveryVersion) return undefined
  const deliveryStatus = deliveryStates[shipment.status]
  const changed = deliveryStatus !== order.deliveryStatus
  const noted: Change = {
    next: {
      ...order,
      deliveryStatus,
      deliveryVersion: shipment.version,
      updatedAt: changed ? by.at : order.updatedAt,
    },
    history: changed ? [entry(by, { kind: 'delivery', status: deliveryStatus })] : [],
    events: [],
  }
  return follow(noted, shipment.status, by)
}

// The parcel's road is walked one status at a time, so that news that overtook other news leaves no gap behind.
const follow = (noted: Change, status: ShipmentStatus, by: By): Change => {
  const order = noted.next
  if (status === 'cancelled') {
    return isOver(order.status) ? noted : worried(noted, attentions.shipmentCancelled)
  }
  if (status === 'planned' || status === 'dispatching') return noted
  const shipped = hasLeft(order.status) ? noted : leave(noted, by)
  if (status === 'failed') return worried(shipped, attentions.deliveryFailed)
  return status === 'delivered' && allows(shipped.next.status, 'delivered')
    ? followedBy(shipped, (next) => deliver(next, by))
    : shipped
}

const hasLeft = (status: OrderStatus): boolean => status === 'shipped' || status === 'delivered'

const leave = (noted: Change, by: By): Change =>
  allows(noted.next.status, 'shipped')
    ? followedBy(noted, (next) => ship(next, by))
    : worried(noted, attentions.leftUnprepared)

const worried = (change: Change, attention: Attention): Change => ({
  ...change,
  next: { ...change.next, attention },
})
