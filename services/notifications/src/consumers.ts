import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import * as user from '@comptoir/contracts/identity/events'
import * as order from '@comptoir/contracts/orders/events'
import { paymentFailed, paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onAccountChanged } from './consumers/account-changed.ts'
import { onLetterRequested } from './consumers/letter-requested.ts'
import { onOthersSentAway } from './consumers/others-sent-away.ts'
import { onOrderChanged } from './consumers/order-changed.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onPaymentFailed } from './consumers/payment-failed.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'
import { onProviderChanged } from './consumers/provider-changed.ts'
import { onShipmentDispatched } from './consumers/shipment-dispatched.ts'
import { onUserErased } from './consumers/user-erased.ts'

/** What is told, each under the name of its template, and who is to be forgotten. */
export const consumers = [
  on(user.userRegistered, onAccountChanged, 'welcome'),
  on(user.emailVerificationRequested, onLetterRequested, 'verify-email'),
  on(user.emailChangeRequested, onLetterRequested, 'confirm-email'),
  on(user.emailChangeAnnounced, onAccountChanged, 'email-change-announced'),
  on(user.passwordResetRequested, onLetterRequested, 'reset-password'),
  on(user.passwordChanged, onOthersSentAway, 'password-changed'),
  on(user.signedOutEverywhere, onOthersSentAway, 'signed-out-everywhere'),
  on(user.providerLinked, onProviderChanged, 'provider-linked'),
  on(user.providerUnlinked, onProviderChanged, 'provider-unlinked'),
  on(user.secondFactorEnrolled, onAccountChanged, 'second-factor-enrolled'),
  on(user.secondFactorRemoved, onAccountChanged, 'second-factor-removed'),
  on(order.orderReceived, onOrderChanged, 'order-received'),
  on(order.orderConfirmed, onOrderChanged, 'order-confirmed'),
  on(order.orderPrepared, onOrderChanged, 'order-prepared'),
  on(order.orderDelivered, onOrderChanged, 'order-delivered'),
  on(order.orderCancelled, onOrderChanged, 'order-cancelled'),
  on(shipmentDispatched, onShipmentDispatched, 'order-shipped'),
  on(paymentFailed, onPaymentFailed, 'payment-failed'),
  on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
  on(user.userErased, onUserErased, 'user-erased'),
  on(order.orderRedacted, onOrderRedacted, 'order-redacted'),
]
