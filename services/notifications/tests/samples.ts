import type { Contact } from '@comptoir/contracts/carts/model'
import type { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { type EventContract, occurred, type Occurrence } from '@comptoir/contracts/event'
import { userRegistered } from '@comptoir/contracts/identity/events'
import { OrderSnapshot, OrderStatus } from '@comptoir/contracts/orders/model'
import type { paymentFailed } from '@comptoir/contracts/payments/events'

const id = () => crypto.randomUUID()
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })

/** Somebody whom no other test writes to. */
export const newContact = (): Contact & { phone: string } => ({
  email: `ada.${id()}@example.org`,
  phone: `+4477${Math.floor(Math.random() * 1e8)
    .toString()
    .padStart(8, '0')}`,
})

export const newOrder = (contact: Contact): OrderSnapshot =>
  OrderSnapshot.parse({
    id: id(),
    number: `C-${Math.floor(Math.random() * 1e9)}`,
    status: 'received',
    paymentStatus: 'unpaid',
    deliveryStatus: 'none',
    lines: [
      {
        variantId: id(),
        productId: id(),
        sku: 'MUG-RED',
        name: 'Red mug',
        quantity: 2,
        unitPrice: gbp(999),
        total: gbp(1_998),
        taxClass: 'standard',
        tax: gbp(333),
      },
    ],
    totals: { currency: 'GBP', subtotal: gbp(1_998), delivery: gbp(399), tax: gbp(400), total: gbp(2_397) },
    contact,
    address: { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' },
    deliveryOption: { code: 'standard', name: 'Standard', price: gbp(399), daysMin: 2, daysMax: 4 },
    cancelReason: null,
    version: 1,
    owner: { kind: 'guest', id: id() },
    cartId: id(),
    cartVersion: 1,
  })

type OrderEvent = EventContract<string, string, typeof OrderSnapshot>

/** What orders tells at a version; the status is in the subject's name. */
export const orderEvent = (event: OrderEvent, order: OrderSnapshot, version: number): Occurrence => {
  const status = OrderStatus.parse(event.subject.split('.')[2])
  return occurred(event, { aggregateId: order.id, version, data: { ...order, status, version } })
}

export const registered = (email: string, locale: 'en' | 'fr'): Occurrence<typeof userRegistered> => {
  const userId = id()
  // The brand of an id is given by its schema, which the publisher of an event applies.
  const data = userRegistered.data.parse({ userId, email, name: 'Ada', phone: null, locale })
  return occurred(userRegistered, { aggregateId: userId, version: 1, data })
}

export const dispatched = (
  event: typeof shipmentDispatched,
  order: OrderSnapshot,
  trackingNumber: string | null = 'CX123456789GB',
): Occurrence => {
  const shipmentId = id()
  const data = event.data.parse({
    shipmentId,
    orderId: order.id,
    orderNumber: order.number,
    status: 'dispatched',
    carrier: 'comptoir-express',
    trackingNumber,
    trackingUrl: 'https://carrier.example/track/CX123456789GB',
    version: 2,
    contact: order.contact,
    lines: order.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
  })
  return occurred(event, { aggregateId: shipmentId, version: 2, data })
}

type PaymentEvent = EventContract<string, string, typeof paymentFailed.data>

export const paymentEvent = (
  event: PaymentEvent,
  order: OrderSnapshot,
  { settlesCancelled = false, failure = 'card_declined', minor = 2_397 } = {},
): Occurrence => {
  const paymentId = id()
  const data = event.data.parse({
    id: paymentId,
    orderId: order.id,
    provider: 'stripe',
    status: 'refunded',
    amount: order.totals.total,
    authorized: gbp(0),
    captured: gbp(minor),
    refunded: gbp(minor),
    failure,
    version: 2,
    orderNumber: order.number,
    contact: order.contact,
    settlesCancelled,
  })
  return occurred(event, { aggregateId: paymentId, version: 2, data })
}
