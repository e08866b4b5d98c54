// Every point at which a process of a purchase may die: around each commit that writes, each publish, each acknowledgement
// and each call of a provider. A purchase here goes from an empty cart to the delivered parcel, or is cancelled once it
// was paid, and its staff sign in. A test holds this list against what a purchase really passes.
import type { ServiceName } from '@comptoir/dev/process-list'

/**
 * What time alone sets going is no part of a purchase: sweepers, the reconcilers that ask after lost webhooks, the worker
 * that takes up dispatches of the dead, and what a process does while it starts (which has no label).
 */
export const timely: ReadonlySet<string> = new Set([
  'none',
  'kit.adopt',
  'kit.redact',
  'kit.redrive',
  'kit.retention',
  'sweep',
  'expire-reservations',
  'delete-old-webhooks',
  'delete-old-messages',
  'reconcile',
  'ask-carrier',
  'finish-dispatches',
  'carrier.shipments.get',
])

type Effect = 'commit' | 'publish' | 'ack' | 'call'

const around = (effect: Effect, labels: readonly string[]): string[] =>
  labels.flatMap((label) => [`before-${effect}:${label}`, `after-${effect}:${label}`])

/** A consumer commits and then acknowledges. */
const hearing = (names: readonly string[]): string[] => [...around('commit', names), ...around('ack', names)]

export const crashPoints: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: [
    ...around('commit', ['createGuest', 'login']),
    ...hearing(['payment-refunded']),
    ...around('publish', ['identity.user.signed_in.v1']),
  ],
  catalog: [
    ...around('commit', ['reserveStock', 'commitReservation']),
    ...hearing(['commit-confirmed-order', 'release-cancelled-order', 'ship-dispatched-order']),
    ...around('publish', ['catalog.stock.changed.v1']),
  ],
  carts: [
    ...around('commit', ['addLine', 'setAddress', 'setDeliveryOption']),
    ...hearing(['order-received', 'user-signed-in']),
  ],
  orders: [
    ...around('commit', ['placeOrder', 'prepareOrder', 'cancelOrder', 'run-steps']),
    ...hearing([
      'payment-authorized',
      'payment-captured',
      'payment-refunded',
      'shipment-planned',
      'shipment-dispatched',
      'shipment-tracked',
      'shipment-delivered',
      'shipment-cancelled',
    ]),
    ...around('publish', [
      'orders.order.received.v1',
      'orders.order.confirmed.v1',
      'orders.order.prepared.v1',
      'orders.order.shipped.v1',
      'orders.order.delivered.v1',
      'orders.order.cancelled.v1',
    ]),
  ],
  payments: [
    ...around('commit', [
      'startPayment',
      'capturePayment',
      'receiveWebhook',
      'process-webhooks',
      'run-operations',
    ]),
    ...around('call', ['stripe.create', 'stripe.fetch', 'stripe.capture', 'stripe.refund']),
    ...hearing(['order-received', 'order-cancelled']),
    ...around('publish', [
      'payments.payment.started.v1',
      'payments.payment.authorized.v1',
      'payments.payment.captured.v1',
      'payments.payment.refunded.v1',
    ]),
  ],
  delivery: [
    ...around('commit', ['dispatchShipment', 'cancelShipment', 'receiveWebhook', 'apply-webhooks']),
    ...around('call', ['carrier.labels.create']),
    ...hearing(['order-confirmed', 'order-cancelled']),
    ...around('publish', [
      'delivery.shipment.planned.v1',
      'delivery.shipment.dispatched.v1',
      'delivery.shipment.tracked.v1',
      'delivery.shipment.delivered.v1',
      'delivery.shipment.cancelled.v1',
    ]),
  ],
  notifications: [
    ...around('commit', ['send-email', 'send-sms']),
    ...around('call', ['resend.send', 'twilio.send']),
    ...hearing([
      'order-received',
      'order-confirmed',
      'order-prepared',
      'order-shipped',
      'order-delivered',
      'order-cancelled',
      'payment-refunded',
    ]),
  ],
}

/** The points that forgetting somebody passes, who was given something and has gone. */
export const erasurePoints: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: [
    ...around('commit', ['deleteAccount']),
    ...around('publish', ['identity.user.erased.v1']),
    ...hearing(['order-redacted']),
  ],
  catalog: hearing(['order-redacted']),
  carts: [...hearing(['user-erased', 'order-redacted']), ...around('commit', ['erase-carts'])],
  orders: [
    ...hearing(['user-erased']),
    ...around('commit', ['redact-orders']),
    ...around('publish', ['orders.order.redacted.v1']),
  ],
  payments: [...hearing(['order-redacted']), ...around('commit', ['kit.redact'])],
  delivery: hearing(['order-redacted']),
  notifications: hearing(['user-erased', 'order-redacted']),
}

/**
 * Where of a list to die: what a consumer has committed and not acknowledged is one state, so that one death is enough
 * for the point behind the commit and the one before the acknowledgement.
 */
export const deathsAmong = (points: readonly string[]): string[] =>
  points.filter(
    (point) =>
      !point.startsWith('before-ack:') || !points.includes(point.replace('before-ack', 'after-commit')),
  )
