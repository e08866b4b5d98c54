import { createHmac } from 'node:crypto'
import type { Actor } from '@comptoir/contracts/access'
import type { StockLine } from '@comptoir/contracts/catalog/model'
import { shipmentPlanned } from '@comptoir/contracts/delivery/events'
import type { Shipment } from '@comptoir/contracts/delivery/model'
import { type EventContract, occurred } from '@comptoir/contracts/event'
import type { CartId, OrderId, ProductId, ShipmentId, VariantId } from '@comptoir/contracts/ids'
import { orderCancelled, orderConfirmed } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot, OrderStatus } from '@comptoir/contracts/orders/model'
import { systemIds } from '@comptoir/service-kit/ids'
import { guestActor, serviceActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { carrierSecret, startCarrier } from './carrier-sandbox.ts'

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const address = { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' }

/** The real service and the carrier’s stand-in; time stands still from now on, and orders says what the test wants. */
export const startDelivery = async () => {
  const carrier = await startCarrier()
  const clock = frozenClock(new Date().toISOString())
  const orders = new Map<string, OrderSnapshot>()
  const config = Config.parse({
    DATABASE_URL: 'postgres://elsewhere',
    NATS_URL: 'nats://elsewhere',
    CARRIER_API_BASE: carrier.base,
    CARRIER_API_KEY: 'ck_test',
    CARRIER_WEBHOOK_SECRET: carrierSecret,
    CARRIER_TIMEOUT_MS: '1000',
  })
  const getSnapshot = async ({ orderId }: { orderId: OrderId }) => orders.get(orderId)
  const service = await startTestService(app(config), { clock, clients: { orders: { getSnapshot } } })
  const staff = staffActor()
  const tell = async (event: EventContract, order: OrderSnapshot): Promise<void> => {
    const id = systemIds.next()
    await service.publish(occurred(event, { aggregateId: order.id, version: order.version, data: order }), {
      id,
    })
    await heard(id)
  }
  const heard = async (eventId: string): Promise<void> => {
    for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
      const rows = await service.sql`select 1 from inbox where event_id = ${eventId}`
      if (rows.length > 0) return
    }
    throw new Error('The event was not heard in 10 s')
  }
  const newOrder = (owner: Actor = guestActor(), option = 'standard'): OrderSnapshot => {
    const order = snapshotOf(owner, option)
    orders.set(order.id, order)
    return order
  }
  const confirm = (order: OrderSnapshot) =>
    tell(orderConfirmed, { ...order, status: 'confirmed', version: 2 })
  const shipmentsOf = async (order: OrderSnapshot): Promise<Shipment[]> =>
    (await service.as(staff).listShipments({ orderId: order.id })).items

  /** A shipment whose order is as far as told. */
  const planned = async (status: OrderStatus = 'prepared', option = 'standard') => {
    const order = newOrder(guestActor(), option)
    await confirm(order)
    orders.set(order.id, { ...order, status })
    const { data } = await service.probe.next(shipmentPlanned, (event) => event.data.orderId === order.id)
    return { order, shipmentId: data.shipmentId }
  }
  const dispatch = (shipmentId: ShipmentId) => service.as(staff).dispatchShipment({ shipmentId })
  const dispatched = async () => {
    const { order, shipmentId } = await planned()
    const { trackingNumber } = await dispatch(shipmentId)
    if (trackingNumber === null) throw new Error('unreachable')
    return { order, shipmentId, trackingNumber }
  }
  const receive = (input: { body: string; headers: Record<string, string> }) =>
    service.as(serviceActor('gateway')).receiveWebhook(input)
  /** A webhook as the carrier signs it, now by the test's clock. */
  const news = (trackingNumber: string, status: string, id = `cev_${systemIds.next()}`) =>
    receive(signed(id, clock.now(), webhookBody({ id, trackingNumber, status, at: clock.now() })))

  return {
    carrier,
    clock,
    service,
    staff,
    newOrder,
    /** What orders answers about it from now on. */
    orderIs: (order: OrderSnapshot) => void orders.set(order.id, order),
    confirm,
    cancel: (order: OrderSnapshot) => tell(orderCancelled, { ...order, status: 'cancelled', version: 3 }),
    shipmentsOf,
    planned,
    dispatch,
    dispatched,
    receive,
    news,
    stop: async () => {
      await service.stop()
      await carrier.stop()
    },
  }
}

export const signed = (id: string, at: Date, body: string) => {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const key = Buffer.from(carrierSecret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return { body, headers }
}

const webhookBody = (event: { id: string; trackingNumber: string; status: string; at: Date }): string =>
  JSON.stringify({
    id: event.id,
    type: 'shipment.tracked',
    trackingNumber: event.trackingNumber,
    reference: 'ours',
    status: event.status,
    description: `It is ${event.status}`,
    location: null,
    occurredAt: event.at.toISOString(),
  })

const snapshotOf = (owner: Actor, option: string): OrderSnapshot => {
  const line: StockLine = { variantId: systemIds.next<VariantId>(), quantity: 2 }
  return {
    id: systemIds.next<OrderId>(),
    number: 'C-1042',
    status: 'received',
    paymentStatus: 'unpaid',
    deliveryStatus: 'none',
    lines: [
      {
        ...line,
        productId: systemIds.next<ProductId>(),
        sku: 'MUG',
        name: 'Mug',
        unitPrice: gbp(1_000),
        total: gbp(2_000),
        taxClass: 'standard',
        tax: gbp(333),
      },
    ],
    totals: { currency: 'GBP', subtotal: gbp(2_000), delivery: gbp(395), tax: gbp(399), total: gbp(2_395) },
    contact: { email: 'ada@example.org' },
    address,
    deliveryOption: { code: option, name: option, price: gbp(395), daysMin: 2, daysMax: 4 },
    cancelReason: null,
    version: 1,
    owner: { kind: owner.kind === 'guest' ? 'guest' : 'customer', id: owner.id },
    cartId: systemIds.next<CartId>(),
    cartVersion: 1,
  }
}
