import type { Choices } from './choices.ts'
import type { Answer, Connection } from './connection.ts'
import type { Recorder } from './record.ts'
import { bytesOf, type Outgoing } from './request-bytes.ts'

export interface Shopper {
  readonly shop: Connection
  /** To the payment provider, as the customer's browser has one. */
  readonly bank: Connection
  readonly choices: Choices
  readonly recorder: Recorder
}

const address = {
  address: {
    name: 'Ada Lovelace',
    line1: '12 St James’s Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  },
}

/** One purchase of a person that the shop has not seen before: nothing of it is warm but the shop itself. */
export const shopOnce = async (shopper: Shopper, onPlaced: () => void): Promise<void> => {
  const { shop, choices, recorder } = shopper
  const startedAt = performance.now()
  const entered = await recorder.step('guest', () => ask(shop, { method: 'POST', path: '/v1/auth/guest', body: {} }))
  const { accessToken } = JSON.parse(entered) as { accessToken: string }
  const headers = { authorization: `Bearer ${accessToken}` }
  await recorder.step('list', () => look(shop, choices.list()))
  const product = await recorder.step('detail', () => ask(shop, { method: 'GET', path: `/v1/products/${choices.product()}` }))
  const variantId = /"variants":\[\{"id":"([^"]+)/.exec(product)?.[1]
  const line = { variantId, quantity: 1 }
  await recorder.step('addLine', () => ask(shop, { method: 'POST', path: '/v1/cart/lines', headers, body: line }))
  const body = { ...address, contact: { email: `ada.${crypto.randomUUID()}@example.com` } }
  await recorder.step('address', () => ask(shop, { method: 'PUT', path: '/v1/cart/address', headers, body }))
  const option = { code: 'standard' }
  const cart = await recorder.step('option', () =>
    ask(shop, { method: 'PUT', path: '/v1/cart/delivery-option', headers, body: option }),
  )
  const { totals } = JSON.parse(cart) as { totals: { total: object } }
  const orderId = await place(shopper, headers, totals.total)
  onPlaced()
  await pay(shopper, headers, orderId)
  recorder.journey(performance.now() - startedAt)
}

type Headers = Readonly<Record<string, string>>

const place = async ({ shop, recorder }: Shopper, headers: Headers, expectedTotal: object): Promise<string> => {
  const order = await recorder.step('placeOrder', () =>
    ask(shop, { method: 'POST', path: '/v1/orders', headers: keyed(headers), body: { expectedTotal } }),
  )
  return (JSON.parse(order) as { id: string }).id
}

interface Start {
  readonly stripe: { readonly clientSecret: string; readonly paymentIntentId: string; readonly publishableKey: string }
}

const pay = async ({ shop, bank, recorder }: Shopper, headers: Headers, orderId: string): Promise<void> => {
  const path = `/v1/orders/${orderId}/payment`
  const started = await recorder.step('startPayment', () =>
    ask(shop, { method: 'POST', path, headers: keyed(headers), body: {} }),
  )
  const { stripe } = JSON.parse(started) as Start
  const form = { key: stripe.publishableKey, client_secret: stripe.clientSecret, payment_method: 'pm_card_visa' }
  await recorder.step('confirmCard', () =>
    ask(bank, {
      method: 'POST',
      path: `/v1/payment_intents/${stripe.paymentIntentId}/confirm`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }),
  )
}

const keyed = (headers: Headers): Headers => ({ ...headers, 'idempotency-key': crypto.randomUUID() })

const ask = (connection: Connection, outgoing: Outgoing): Promise<Answer> =>
  connection.send({ bytes: bytesOf(outgoing), reads: true })

const look = (connection: Connection, path: string): Promise<Answer> =>
  connection.send({ bytes: bytesOf({ method: 'GET', path }), reads: false })
