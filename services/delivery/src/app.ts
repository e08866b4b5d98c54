import { fileURLToPath } from 'node:url'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import { orders } from '@comptoir/contracts/orders/procedures'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { consumers } from './consumers.ts'
import type { Context } from './context.ts'
import { cancelShipment } from './procedures/cancel-shipment.ts'
import { dispatchShipment } from './procedures/dispatch-shipment.ts'
import { exportShipments } from './procedures/export-shipments.ts'
import { listOptions } from './procedures/list-options.ts'
import { listShipments } from './procedures/list-shipments.ts'
import { quoteOptions } from './procedures/quote-options.ts'
import { receiveWebhook } from './procedures/receive-webhook.ts'
import { trackShipment } from './procedures/track-shipment.ts'
import { createCarrier } from './providers/carrier.ts'
import { applyWebhooks } from './workers/apply-webhooks.ts'
import { askCarrier } from './workers/ask-carrier.ts'
import { deleteOldWebhooks } from './workers/delete-old-webhooks.ts'
import { finishDispatches } from './workers/finish-dispatches.ts'

export const app = (config: Config) =>
  defineService<typeof delivery, Context>({
    name: 'delivery',
    contract: delivery,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base, connect) => ({
      ...base,
      clients: { orders: connect('orders', orders) },
      carrier: createCarrier({
        base: config.CARRIER_API_BASE,
        key: config.CARRIER_API_KEY,
        timeoutMs: config.CARRIER_TIMEOUT_MS,
      }),
      webhookSecret: config.CARRIER_WEBHOOK_SECRET,
      dispatchLeaseMs: config.DISPATCH_LEASE_MS,
      reconcileMs: config.RECONCILE_SECONDS * 1_000,
    }),
    procedures: {
      listOptions,
      quoteOptions,
      listShipments,
      exportShipments,
      trackShipment,
      dispatchShipment,
      cancelShipment,
      receiveWebhook,
    },
    consumers,
    workers: [applyWebhooks, finishDispatches, askCarrier, deleteOldWebhooks],
  })
