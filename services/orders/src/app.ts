import { fileURLToPath } from 'node:url'
import { orders } from '@comptoir/contracts/orders/procedures'
import { defineService } from '@comptoir/service-kit/service'
import { consumers } from './consumers.ts'
import { createContext, createLiveSettings, type Limits } from './create-context.ts'
import { cancelOrder } from './procedures/cancel-order.ts'
import { exportOrders } from './procedures/export-orders.ts'
import { getOrder } from './procedures/get-order.ts'
import { getSnapshot } from './procedures/get-snapshot.ts'
import { getTimeline } from './procedures/get-timeline.ts'
import { listOrders } from './procedures/list-orders.ts'
import { placeOrder } from './procedures/place-order.ts'
import { prepareOrder } from './procedures/prepare-order.ts'
import { watchOrder } from './procedures/watch-order.ts'
import { linkOrders } from './workers/link-orders.ts'
import { redactOrders } from './workers/redact-orders.ts'
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
      exportOrders,
      getOrder,
      cancelOrder,
      prepareOrder,
      getTimeline,
      watchOrder,
      getSnapshot,
    },
    consumers,
    workers: [runSteps, wakeWatchers, linkOrders, redactOrders],
  })
}
