// One purchase from the first look to the delivered parcel, each step checked.
import type { Answer, Shop } from './shop.ts'
import { advanceParcel, confirmCard, mailsTo, textsTo } from './sandbox.ts'
import type { Narrator } from './narrator.ts'
import type { Target } from './target.ts'
import { until } from './until.ts'

const address = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

type Order = Answer<'orders', 'getOrder'>
const money = (price: { amountMinor: number; currency: string }): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency: price.currency }).format(
    price.amountMinor / 100,
  )

/** Plays the purchase. Throws at a step after which nothing can follow; counts those that merely do not hold. */
export const playPurchase = async (shop: Shop, target: Target, narrator: Narrator): Promise<void> => {
  const unique = crypto.randomUUID().slice(0, 8)
  const contact = { email: `ada.${unique}@example.com`, phone: `+4477009${String(Date.now()).slice(-5)}` }
  const { accessToken: token } = await shop('identity', 'createGuest', {})
  narrator.check('a guest begins to shop', token.length > 0)

  const order = await fillAndPlace(shop, narrator, { token, contact })
  const orderId = order.id
  await pay({ shop, target, narrator }, { token, orderId })
  const confirmed = await awaitStatus(shop, { token, orderId }, 'confirmed')
  narrator.check(
    `the order is ${confirmed.status} and ${confirmed.paymentStatus}`,
    confirmed.paymentStatus === 'paid',
  )

  await fulfil({ shop, target, narrator }, orderId)
  const delivered = await awaitStatus(shop, { token, orderId }, 'delivered')
  narrator.check(`the order is ${delivered.status}`, delivered.status === 'delivered')
  await showTimeline(shop, narrator, { token, orderId })
  await showMessages(target, narrator, contact)
}

const fillAndPlace = async (
  shop: Shop,
  narrator: Narrator,
  { token, contact }: { token: string; contact: { email: string; phone: string } },
): Promise<Order> => {
  const { items } = await shop('catalog', 'listProducts', { limit: 3, inStock: true }, { token })
  const [first] = items
  if (first === undefined) throw new Error('The shop has no products: has the sample catalogue been loaded?')
  const product = await shop('catalog', 'getProduct', { productId: first.slug }, { token })
  narrator.check(`looks at “${product.name}” for ${money(first.price)}`, product.id === first.id)
  const [variant] = product.variants
  if (variant === undefined) throw new Error('The product has no variant')
  await shop('carts', 'addLine', { variantId: variant.id, quantity: 2 }, { token })
  await shop('carts', 'setAddress', { address, contact }, { token })
  const options = await shop('delivery', 'listOptions', { country: 'GB' }, { token })
  await shop('carts', 'setDeliveryOption', { code: options.items[0]?.code ?? 'standard' }, { token })
  const cart = await shop('carts', 'getCart', {}, { token })
  narrator.check(
    `the cart comes to ${money(cart.totals.total)} and nothing is missing`,
    cart.problems.length === 0,
  )
  const idempotencyKey = crypto.randomUUID()
  const place = () =>
    shop('orders', 'placeOrder', { expectedTotal: cart.totals.total }, { token, idempotencyKey })
  const order = await place()
  const again = await place()
  narrator.check(`places order ${order.number}; a second click gives the same one`, again.id === order.id)
  return order
}

interface Play {
  readonly shop: Shop
  readonly target: Target
  readonly narrator: Narrator
}

interface Shopper {
  readonly token: string
  readonly orderId: string
}

const pay = async ({ shop, target, narrator }: Play, { token, orderId }: Shopper): Promise<void> => {
  const start = await shop(
    'payments',
    'startPayment',
    { orderId },
    { token, idempotencyKey: crypto.randomUUID() },
  )
  if (start.stripe === null) throw new Error('There is nothing to pay')
  const declined = await confirmCard(target.sandboxUrl, start.stripe, 'pm_card_visa_chargeDeclined')
  narrator.check(`a first card is refused (${declined})`, declined === 'card_declined')
  await until('the refusal is known', async () => {
    const order = await shop('orders', 'getOrder', { orderId }, { token })
    return order.paymentStatus === 'failed' ? order : undefined
  })
  const status = await confirmCard(target.sandboxUrl, start.stripe)
  narrator.check(`a second one is authorised (${status})`, status === 'requires_capture')
}

const fulfil = async ({ shop, target, narrator }: Play, orderId: string): Promise<void> => {
  const { accessToken: token } = await shop('identity', 'login', target.admin)
  const prepared = await shop('orders', 'prepareOrder', { orderId }, { token })
  narrator.check(`staff pack it: ${prepared.status}`, prepared.status === 'prepared')
  const planned = await until('the shipment is planned', async () => {
    const { items } = await shop('delivery', 'listShipments', { orderId }, { token })
    return items[0]
  })
  const shipment = await shop('delivery', 'dispatchShipment', { shipmentId: planned.id }, { token })
  narrator.check(`the carrier takes it: ${shipment.trackingNumber}`, shipment.trackingNumber !== null)
  await awaitStatus(shop, { token, orderId }, 'shipped')
  await advanceParcel(target.sandboxUrl, shipment.trackingNumber ?? '', 'delivered')
}

const awaitStatus = (shop: Shop, { token, orderId }: Shopper, status: string) =>
  until(`the order is ${status}`, async () => {
    const order = await shop('orders', 'getOrder', { orderId }, { token })
    return order.status === status ? order : undefined
  })

const showTimeline = async (shop: Shop, narrator: Narrator, { token, orderId }: Shopper): Promise<void> => {
  const { items } = await shop('orders', 'getTimeline', { orderId }, { token })
  for (const entry of items)
    narrator.say(`      ${entry.at}  ${entry.kind.padEnd(8)} ${entry.status}  (${entry.actor})`)
  const steps = items.filter((entry) => entry.kind === 'order').map((entry) => entry.status)
  const expected = ['received', 'confirmed', 'prepared', 'shipped', 'delivered']
  narrator.check(`its history has each step once: ${steps.join(' → ')}`, steps.join() === expected.join())
}

const showMessages = async (
  { sandboxUrl }: Target,
  narrator: Narrator,
  { email, phone }: { email: string; phone: string },
): Promise<void> => {
  // Received, declined card, confirmed, prepared, shipped, delivered.
  const mails = await until('the last e-mail has been sent', async () => {
    const all = await mailsTo(sandboxUrl, email)
    return all.length >= 6 ? all : undefined
  })
  for (const mail of mails) narrator.say(`      ✉ ${mail.subject}`)
  narrator.check(
    'one e-mail for each step',
    mails.length === 6 && new Set(mails.map((mail) => mail.subject)).size === 6,
  )
  const texts = await until('the last text has been sent', async () => {
    const all = await textsTo(sandboxUrl, phone)
    return all.length >= 2 ? all : undefined
  })
  for (const text of texts) narrator.say(`      ☎ ${text.body}`)
  narrator.check('one text when it is shipped and one when it is there', texts.length === 2)
}
