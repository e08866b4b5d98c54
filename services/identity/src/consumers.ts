import {
  messagesExported,
  ordersExported,
  paymentsExported,
  shipmentsExported,
} from '@comptoir/contracts/export-made'
import { orderRedacted } from '@comptoir/contracts/orders/events'
import { paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { onExportMade } from './consumers/export-made.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'

/** What identity hears, and what it does then. */
export const consumers = [
  on(paymentRefunded, onPaymentRefunded, 'payment-refunded'),
  on(ordersExported, onExportMade, 'orders-exported'),
  on(paymentsExported, onExportMade, 'payments-exported'),
  on(shipmentsExported, onExportMade, 'shipments-exported'),
  on(messagesExported, onExportMade, 'messages-exported'),
  on(orderRedacted, onOrderRedacted, 'order-redacted'),
]
