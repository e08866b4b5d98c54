import type { Actor } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import { orderCancelled, orderReceived } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { orders } from '@comptoir/contracts/orders/procedures'
import { declaredError } from '@comptoir/contracts/errors'
import {
  paymentAuthorized,
  paymentCancelled,
  paymentCaptured,
  paymentRefunded,
  paymentStarted,
} from '@comptoir/contracts/payments/events'
import type { Payment, PaymentStart } from '@comptoir/contracts/payments/model'
import { guestActor, serviceActor } from '@comptoir/service-kit/testing/actors'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { sampleOrder } from './sample-order.ts'
import { startSandbox } from './sandbox.ts'

interface Options {
  /** Whether the provider's webhooks arrive. */
  readonly webhooks?: boolean
  readonly reconcileSeconds?: number
  readonly providerTimeoutMs?: number
  readonly stripeUrl?: string
}

const events = {
  started: paymentStarted,
  authorized: paymentAuthorized,
  captured: paymentCaptured,
  refunded: paymentRefunded,
  cancelled: paymentCancelled,
}
type Told = keyof typeof events

/** The real service beside the stand-in of Stripe, with a gateway that passes its webhooks on. */
export const startPayments = async (options: Options = {}) => {
  const { webhooks = true, reconcileSeconds = 60, providerTimeoutMs = 5_000 } = options
  const sandbox = await startSandbox()
  const placed = new Map<string, OrderSnapshot>()
  const config = Config.parse({
    DATABASE_URL: 'postgres://unused',
    NATS_URL: 'nats://unused',
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: 'whsec_sandbox',
    STRIPE_API_BASE: options.stripeUrl ?? sandbox.url,
    PROVIDER_TIMEOUT_MS: providerTimeoutMs,
    RECONCILE_SECONDS: reconcileSeconds,
  })
  const service = await startTestService(app(config), {
    clients: {
      orders: { getSnapshot: async ({ orderId }: { orderId: string }) => snapshotOf(placed, orderId) },
    },
  })
  const house = service.as(serviceActor('orders'))
  const gateway = startGateway((body, headers) => house.receiveWebhook({ body, headers }))
  if (webhooks) await sandbox.aimWebhooks(gateway.url)

  const tell = (order: OrderSnapshot, trace: { traceparent?: string } = {}) =>
    service.publish(occurred(orderReceived, { aggregateId: order.id, version: 1, data: order }), trace)
  const place = (shopper: Actor, total?: { totalMinor: number }): OrderSnapshot => {
    const order = sampleOrder(shopper, total)
    placed.set(order.id, order)
    return order
  }
  return {
    ...service,
    sandbox,
    gateway,
    house,
    /** An order that orders knows, and whose event has not come yet. */
    place,
    tell,
    cancel: async (order: OrderSnapshot): Promise<void> => {
      const data: OrderSnapshot = { ...order, status: 'cancelled', cancelReason: 'customer', version: 2 }
      placed.set(order.id, data)
      await service.publish(occurred(orderCancelled, { aggregateId: order.id, version: 2, data }))
    },
    /** A guest with an order and an intent to pay it with. */
    started: async (): Promise<Started> => {
      const shopper = guestActor()
      const order = place(shopper)
      const start = await service
        .as(shopper)
        .startPayment({ orderId: order.id }, { idempotencyKey: crypto.randomUUID() })
      if (start.stripe === null) throw new Error('There is nothing to pay')
      const { clientSecret, paymentIntentId } = start.stripe
      return { shopper, order, start, pay: (card) => sandbox.confirm(paymentIntentId, clientSecret, card) }
    },
    /** Resolves once the payment of an order has got there. */
    reaches: async (order: OrderSnapshot, status: Told): Promise<Payment> => {
      await service.probe.next(events[status], ({ data }) => data.orderId === order.id)
      return house.getPayment({ orderId: order.id })
    },
    /** Resolves once the event of an order has opened its payment. */
    opened: (order: OrderSnapshot): Promise<Payment> =>
      until(() => house.getPayment({ orderId: order.id }).catch(() => undefined)),
    /** How often a step of an order's payment was told. */
    told: (order: OrderSnapshot, status: Told) =>
      service.probe.seen(events[status]).filter(({ data }) => data.orderId === order.id),
    /** The id of the trace that the work on an order's payment continues. */
    traceOf: async (order: OrderSnapshot): Promise<string | undefined> => {
      const [row] = await service.sql<{ traceparent: string | null }[]>`
        select traceparent from payments where order_id = ${order.id}`
      return row?.traceparent?.split('-')[1]
    },
    /** Resolves once every webhook that came has been worked on. */
    heardAll: (): Promise<number> =>
      until(async () => {
        const [row] = await service.sql<{ all: number; open: number }[]>`
          select count(*)::int as all, count(*) filter (where processed_at is null)::int as open from provider_webhooks`
        return row?.open === 0 ? row.all : undefined
      }),
    /** Resolves once nothing of an order is to be asked of the provider any more. */
    quiet: (order: OrderSnapshot): Promise<true> =>
      until(async () => {
        const [row] = await service.sql<{ open: number }[]>`
          select count(*)::int as open from payment_operations o join payments p on p.id = o.payment_id
          where p.order_id = ${order.id} and o.state in ('requested', 'unknown')`
        return row?.open === 0 ? (true as const) : undefined
      }),
    stopAll: async (): Promise<void> => {
      await sandbox.stop()
      gateway.stop()
      await service.stop()
    },
  }
}

export type PaymentsUnderTest = Awaited<ReturnType<typeof startPayments>>

export interface Started {
  readonly shopper: Actor
  readonly order: OrderSnapshot
  readonly start: PaymentStart
  pay(card?: string): Promise<Response>
}

export const aKey = (): { idempotencyKey: string } => ({ idempotencyKey: crypto.randomUUID() })

/** Asks again until there is an answer; rejects after 15 s. */
export const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  for (const end = performance.now() + 30_000; performance.now() < end; await Bun.sleep(20)) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
  throw new Error('It did not come true within 30 s')
}

const snapshotOf = (placed: ReadonlyMap<string, OrderSnapshot>, orderId: string): OrderSnapshot => {
  const order = placed.get(orderId)
  if (order === undefined) throw declaredError(orders.getSnapshot.errors, 'ORDER_NOT_FOUND')
  return order
}

/** Passes webhooks on as the gateway does: the raw body and the headers that sign it. */
const startGateway = (receive: (body: string, headers: Record<string, string>) => Promise<unknown>) => {
  const heard: { body: string; signature: string }[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const body = await request.text()
      const signature = request.headers.get('stripe-signature') ?? ''
      heard.push({ body, signature })
      await receive(body, { 'stripe-signature': signature })
      return new Response(null, { status: 200 })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, heard, stop: () => void server.stop(true) }
}
