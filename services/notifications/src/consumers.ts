import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import * as user from '@comptoir/contracts/identity/events'
import * as order from '@comptoir/contracts/orders/events'
import { paymentFailed, paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onAccountChanged } from './consumers/account-changed.ts'
import { onLetterRequested } from './consumers/letter-requested.ts'
import { onOrderChanged } from './consumers/order-changed.ts'
import { onPaymentFailed } from './consumers/payment-failed.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'
import { onShipmentDispatched } from './consumers/shipment-dispatched.ts'

/** What is told, each under the name of its template. */
export const consumers = [
  on(user.userRegistered, onAccountChanged, 'welcome'),
  on(user.emailVerificationRequested, onLetterRequested, 'verify-email'),
  on(user.emailChangeRequested, onLetterRequested, 'confirm-email'),
  on(user.emailChangeAnnounced, onAccountChanged, 'email-change-announced'),
  on(user.passwordResetRequested, onLetterRequested, 'reset-password'),
  on(user.passwordChanged, onAccountChanged, 'password-changed'),
  on(order.orderReceived, onOrderChanged, 'order-received'),
  on(order.orderConfirmed, onOrderChanged, 'order-confirmed'),
  on(order.orderPrepared, onOrderChanged, 'order-prepared'),
  on(order.orderDelivered, onOrderChanged, 'order-delivered'),
  on(order.orderCancelled, onOrderChanged, 'order-cancelled'),
  on(shipmentDispatched, onShipmentDispatched, 'order-shipped'),
  on(paymentFailed, onPaymentFailed, 'payment-failed'),
  on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
]
