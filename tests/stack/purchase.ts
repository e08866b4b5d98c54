// The steps of a purchase, each as a shopper, a member of staff or the carrier takes it.
import type { OrderId } from '@comptoir/contracts/ids'
import { advanceParcel, confirmCard } from '@comptoir/dev/demo/sandbox'
import type { Answer, Shop } from '@comptoir/dev/demo/shop'
import type { SeededProduct, TestStack } from './test-stack.ts'
import { until } from './until.ts'

export type Order = Answer<'orders', 'getOrder'>

/** Where and as whom the steps are taken. */
export type Counter = Pick<TestStack, 'sandboxUrl' | 'staffToken'> & Waiting

interface Waiting {
  readonly shop: Shop
  /** How long what other processes do may take; a minute unless told. */
  readonly waitMs?: number
}

export interface Shopper {
  readonly token: string
  readonly contact: { readonly email: string; readonly phone: string }
}

export const address = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

const patienceMs = 60_000

/** A guest whose e-mail address and telephone number nobody else has. */
export const enter = async (shop: Shop): Promise<Shopper> => {
  const { accessToken: token } = await shop('identity', 'createGuest', {})
  const [number] = crypto.getRandomValues(new Uint32Array(1))
  const phone = `+447${String(number).padStart(10, '0').slice(-9)}`
  return { token, contact: { email: `ada.${crypto.randomUUID()}@example.com`, phone } }
}

/** Puts units of products into the cart and completes it. */
export const fillCart = async (
  shop: Shop,
  { token, contact }: Shopper,
  lines: readonly { product: Pick<SeededProduct, 'variantId'>; quantity: number }[],
): Promise<Answer<'carts', 'getCart'>> => {
  for (const { product, quantity } of lines) {
    await shop('carts', 'addLine', { variantId: product.variantId, quantity }, { token })
  }
  await shop('carts', 'setAddress', { address, contact }, { token })
  await shop('carts', 'setDeliveryOption', { code: 'standard' }, { token })
  return shop('carts', 'getCart', {}, { token })
}

/** Places the order of the cart; the key stays the same over all retries. */
export const place = (
  shop: Shop,
  { token }: Shopper,
  idempotencyKey: string = crypto.randomUUID(),
): Promise<Order> => shop('orders', 'placeOrder', {}, { token, idempotencyKey })

/** Starts the payment and confirms it with a card, as Stripe.js does. */
export const pay = async (
  { shop, sandboxUrl }: Counter,
  { token }: Shopper,
  orderId: OrderId,
): Promise<void> => {
  const { stripe } = await shop(
    'payments',
    'startPayment',
    { orderId },
    { token, idempotencyKey: crypto.randomUUID() },
  )
  if (stripe === null) throw new Error('There is nothing to pay')
  const status = await confirmCard(sandboxUrl, stripe)
  if (status !== 'requires_capture') throw new Error(`The card was not authorised: ${status}`)
}

/** Waits until an order is in a status. */
export const awaitStatus = (
  { shop, waitMs = patienceMs }: Waiting,
  about: { token: string; orderId: OrderId },
  status: Order['status'],
): Promise<Order> =>
  until(
    `the order is ${status}`,
    async () => {
      const order = await shop('orders', 'getOrder', { orderId: about.orderId }, { token: about.token })
      return order.status === status ? order : undefined
    },
    waitMs,
  )

/** What staff do: pack, wait for the plan, hand over to the carrier. Resolves with the tracking number. */
export const dispatch = async (
  { shop, staffToken: token, waitMs = patienceMs }: Counter,
  orderId: OrderId,
): Promise<string> => {
  await shop('orders', 'prepareOrder', { orderId }, { token, idempotencyKey: crypto.randomUUID() })
  const planned = await until(
    'the shipment is planned',
    async () => (await shop('delivery', 'listShipments', { orderId }, { token })).items[0],
    waitMs,
  )
  const idempotencyKey = crypto.randomUUID()
  const { trackingNumber } = await shop(
    'delivery',
    'dispatchShipment',
    { shipmentId: planned.id },
    { token, idempotencyKey },
  )
  if (trackingNumber === null) throw new Error('A dispatched shipment has no tracking number')
  return trackingNumber
}

/** From a paid order to the parcel at the door. */
export const fulfil = async (counter: Counter, orderId: OrderId): Promise<Order> => {
  const { staffToken: token } = counter
  const trackingNumber = await dispatch(counter, orderId)
  await awaitStatus(counter, { token, orderId }, 'shipped')
  await advanceParcel(counter.sandboxUrl, trackingNumber, 'delivered')
  return awaitStatus(counter, { token, orderId }, 'delivered')
}

/** A whole purchase: delivered, or cancelled once it was paid. */
export const purchase = async (
  counter: Counter,
  product: SeededProduct,
  ending: 'delivered' | 'cancelled',
): Promise<Order> => {
  const { shop } = counter
  const shopper = await enter(shop)
  await fillCart(shop, shopper, [{ product, quantity: 2 }])
  const { id: orderId } = await place(shop, shopper)
  await pay(counter, shopper, orderId)
  await awaitStatus(counter, { token: shopper.token, orderId }, 'confirmed')
  if (ending === 'delivered') return fulfil(counter, orderId)
  return shop(
    'orders',
    'cancelOrder',
    { orderId },
    { token: shopper.token, idempotencyKey: crypto.randomUUID() },
  )
}
