import * as shipments from '@comptoir/contracts/delivery/events'
import { emailVerified, userErased } from '@comptoir/contracts/identity/events'
import * as money from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onEmailVerified } from './consumers/email-verified.ts'
import { onPaymentChanged } from './consumers/payment-changed.ts'
import { onShipmentChanged } from './consumers/shipment-changed.ts'
import { onUserErased } from './consumers/user-erased.ts'

/** What orders hears, and what it does then. */
export const consumers = [
  on(money.paymentAuthorized, onPaymentChanged, 'payment-authorized'),
  on(money.paymentCaptured, onPaymentChanged, 'payment-captured'),
  on(money.paymentFailed, onPaymentChanged, 'payment-failed'),
  on(money.paymentRefunded, onPaymentChanged, 'payment-refunded'),
  on(money.paymentCancelled, onPaymentChanged, 'payment-cancelled'),
  on(shipments.shipmentPlanned, onShipmentChanged, 'shipment-planned'),
  on(shipments.shipmentDispatched, onShipmentChanged, 'shipment-dispatched'),
  on(shipments.shipmentTracked, onShipmentChanged, 'shipment-tracked'),
  on(shipments.shipmentDelivered, onShipmentChanged, 'shipment-delivered'),
  on(shipments.shipmentFailed, onShipmentChanged, 'shipment-failed'),
  on(shipments.shipmentCancelled, onShipmentChanged, 'shipment-cancelled'),
  on(emailVerified, onEmailVerified, 'email-verified'),
  on(userErased, onUserErased, 'user-erased'),
]
