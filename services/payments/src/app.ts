import { fileURLToPath } from 'node:url'
import { orderCancelled, orderLinked, orderReceived, orderRedacted } from '@comptoir/contracts/orders/events'
import { orders } from '@comptoir/contracts/orders/procedures'
import { payments } from '@comptoir/contracts/payments/procedures'
import { on } from '@comptoir/service-kit/consumer'
import { defineService } from '@comptoir/service-kit/service'
import type { Config } from './config.ts'
import { onOrderCancelled } from './consumers/order-cancelled.ts'
import { onOrderLinked } from './consumers/order-linked.ts'
import { onOrderReceived } from './consumers/order-received.ts'
import { onOrderRedacted } from './consumers/order-redacted.ts'
import type { Context } from './context.ts'
import { capturePayment } from './procedures/capture-payment.ts'
import { exportPayments } from './procedures/export-payments.ts'
import { getPayment } from './procedures/get-payment.ts'
import { receiveWebhook } from './procedures/receive-webhook.ts'
import { replayStart, startPayment } from './procedures/start-payment.ts'
import { createNone } from './providers/none.ts'
import { createStripe } from './providers/stripe.ts'
import { createSingleFlight } from './single-flight.ts'
import { deleteOldWebhooks } from './workers/delete-old-webhooks.ts'
import { processWebhooks } from './workers/process-webhooks.ts'
import { reconcile } from './workers/reconcile.ts'
import { runOperations } from './workers/run-operations.ts'

export const app = (config: Config) =>
  defineService<typeof payments, Context>({
    name: 'payments',
    contract: payments,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base, connect) => ({
      ...base,
      clients: { orders: connect('orders', orders) },
      providers: {
        stripe: createStripe({
          secretKey: config.STRIPE_SECRET_KEY,
          webhookSecret: config.STRIPE_WEBHOOK_SECRET,
          apiBase: config.STRIPE_API_BASE,
          timeoutMs: config.PROVIDER_TIMEOUT_MS,
        }),
        none: createNone(() => base.clock.now()),
      },
      stripePublishableKey: config.STRIPE_PUBLISHABLE_KEY,
      reconcileSeconds: config.RECONCILE_SECONDS,
      operationLeaseMs: config.OPERATION_LEASE_MS,
      once: createSingleFlight(),
    }),
    procedures: { startPayment, getPayment, exportPayments, capturePayment, receiveWebhook },
    replays: { startPayment: replayStart },
    consumers: [
      on(orderReceived, onOrderReceived, 'order-received'),
      on(orderCancelled, onOrderCancelled, 'order-cancelled'),
      on(orderLinked, onOrderLinked, 'order-linked'),
      on(orderRedacted, onOrderRedacted, 'order-redacted'),
    ],
    workers: [runOperations, processWebhooks, reconcile(config.RECONCILE_SECONDS), deleteOldWebhooks],
  })
