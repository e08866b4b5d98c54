import { fileURLToPath } from 'node:url'
import * as shipments from '@comptoir/contracts/delivery/events'
import { orders } from '@comptoir/contracts/orders/procedures'
import * as money from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { defineService } from '@comptoir/service-kit/service'
import { onPaymentChanged } from './consumers/payment-changed.ts'
import { onShipmentChanged } from './consumers/shipment-changed.ts'
import { createContext, createLiveSettings, type Limits } from './create-context.ts'
import { cancelOrder } from './procedures/cancel-order.ts'
import { getOrder } from './procedures/get-order.ts'
import { getSnapshot } from './procedures/get-snapshot.ts'
import { getTimeline } from './procedures/get-timeline.ts'
import { listOrders } from './procedures/list-orders.ts'
import { placeOrder } from './procedures/place-order.ts'
import { prepareOrder } from './procedures/prepare-order.ts'
import { watchOrder } from './procedures/watch-order.ts'
import { runSteps } from './workers/run-steps.ts'
import { wakeWatchers } from './workers/wake-watchers.ts'

export const app = (limits: Limits) => {
  const settings = createLiveSettings(limits)
  return defineService({
    name: 'orders',
    contract: orders,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: createContext(limits, settings),
    settings,
    procedures: {
      placeOrder,
      listOrders,
      getOrder,
      cancelOrder,
      prepareOrder,
      getTimeline,
      watchOrder,
      getSnapshot,
    },
    consumers: [
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
    ],
    workers: [runSteps, wakeWatchers],
  })
}
