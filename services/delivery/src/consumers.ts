import { orderCancelled, orderConfirmed, orderLinked, orderRedacted } from '@comptoir/contracts/orders/events'
import { on } from '@comptoir/service-kit/consumer'
import { onOrderCancelled } from './consumers/order-cancelled.ts'
import { onOrderConfirmed } from './consumers/order-confirmed.ts'
import { onOrderLinked } from './consumers/order-linked.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'

/** What delivery hears, and what it does then. */
export const consumers = [
  on(orderConfirmed, onOrderConfirmed, 'order-confirmed'),
  on(orderCancelled, onOrderCancelled, 'order-cancelled'),
  on(orderLinked, onOrderLinked, 'order-linked'),
  on(orderRedacted, onOrderRedacted, 'order-redacted'),
]
