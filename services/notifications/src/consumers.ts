import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { userErased, userRegistered } from '@comptoir/contracts/identity/events'
import * as order from '@comptoir/contracts/orders/events'
import { paymentFailed, paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onOrderChanged } from './consumers/order-changed.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onPaymentFailed } from './consumers/payment-failed.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'
import { onShipmentDispatched } from './consumers/shipment-dispatched.ts'
import { onUserErased } from './consumers/user-erased.ts'
import { onUserRegistered } from './consumers/user-registered.ts'

/** What notifications hears, and what it does then. */
export const consumers = [
  on(userRegistered, onUserRegistered, 'welcome'),
  on(order.orderReceived, onOrderChanged, 'order-received'),
  on(order.orderConfirmed, onOrderChanged, 'order-confirmed'),
  on(order.orderPrepared, onOrderChanged, 'order-prepared'),
  on(order.orderDelivered, onOrderChanged, 'order-delivered'),
  on(order.orderCancelled, onOrderChanged, 'order-cancelled'),
  on(shipmentDispatched, onShipmentDispatched, 'order-shipped'),
  on(paymentFailed, onPaymentFailed, 'payment-failed'),
  on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
  on(userErased, onUserErased, 'user-erased'),
  on(order.orderRedacted, onOrderRedacted, 'order-redacted'),
]
