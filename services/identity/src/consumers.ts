import { orderRedacted } from '@comptoir/contracts/orders/events'
import { paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'

/** What identity hears, and what it does then. */
export const consumers = [
  on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
  on(orderRedacted, onOrderRedacted, 'order-redacted'),
]
