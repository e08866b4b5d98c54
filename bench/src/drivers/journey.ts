import type { Choices } from './choices.ts'
import type { Answer, Connection } from './connection.ts'
import type { Recorder } from './record.ts'
import { bytesOf, type Outgoing } from './request-bytes.ts'
import { type Step, steps } from './shopping.ts'

/** What one visitor knows so far. */
export interface Visit {
  readonly choices: Choices
  headers: Record<string, string>
  variantId: string
  total: unknown
  orderId: string
  payment: { clientSecret: string; paymentIntentId: string; publishableKey: string }
}

interface Stage {
  /** The payment provider is asked as the customer's browser asks it. */
  readonly at: 'shop' | 'bank'
  ask(visit: Visit): Outgoing
  learn?(visit: Visit, answer: string): void
}

export interface Doors {
  readonly shop: Connection
  readonly bank: Connection
}

/** Somebody whom the shop has never seen: of one purchase nothing is warm but the shop itself. */
export const newVisit = (choices: Choices): Visit => ({
  choices,
  headers: {},
  variantId: '',
  total: undefined,
  orderId: '',
  payment: { clientSecret: '', paymentIntentId: '', publishableKey: '' },
})

/** Takes one step of a visit. */
export const takeStep = async (doors: Doors, visit: Visit, step: Step): Promise<Answer> => {
  const { at, ask, learn } = stages[step]
  const answer = await doors[at].send({ bytes: bytesOf(ask(visit)), reads: learn !== undefined })
  if (answer.status < 300) learn?.(visit, answer.body)
  return answer
}

/** One purchase, from the first look to the confirmed card. */
export const shopOnce = async (
  doors: Doors,
  { choices, recorder }: { choices: Choices; recorder: Recorder },
  onPlaced: () => void,
): Promise<void> => {
  const startedAt = performance.now()
  const visit = newVisit(choices)
  for (const step of steps) {
    await recorder.step(step, () => takeStep(doors, visit, step))
    if (step === 'placeOrder') onPlaced()
  }
  recorder.journey(performance.now() - startedAt)
}

const address = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

const keyed = (visit: Visit) => ({ ...visit.headers, 'idempotency-key': crypto.randomUUID() })

const stages: Record<Step, Stage> = {
  guest: {
    at: 'shop',
    ask: () => ({ method: 'POST', path: '/v1/auth/guest', body: {} }),
    learn: (visit, answer) => {
      const { accessToken } = JSON.parse(answer) as { accessToken: string }
      visit.headers = { authorization: `Bearer ${accessToken}` }
    },
  },
  list: { at: 'shop', ask: ({ choices }) => ({ method: 'GET', path: choices.list() }) },
  detail: {
    at: 'shop',
    ask: ({ choices }) => ({ method: 'GET', path: `/v1/products/${choices.product()}` }),
    learn: (visit, answer) => {
      const { variants } = JSON.parse(answer) as { variants: { id: string }[] }
      visit.variantId = variants[0]?.id ?? ''
    },
  },
  addLine: {
    at: 'shop',
    ask: ({ headers, variantId }) => ({
      method: 'POST',
      path: '/v1/cart/lines',
      headers,
      body: { variantId, quantity: 1 },
    }),
  },
  address: {
    at: 'shop',
    ask: ({ headers }) => ({
      method: 'PUT',
      path: '/v1/cart/address',
      headers,
      body: { address, contact: { email: `ada.${crypto.randomUUID()}@example.com` } },
    }),
  },
  option: {
    at: 'shop',
    ask: ({ headers }) => ({
      method: 'PUT',
      path: '/v1/cart/delivery-option',
      headers,
      body: { code: 'standard' },
    }),
    learn: (visit, answer) => {
      visit.total = (JSON.parse(answer) as { totals: { total: unknown } }).totals.total
    },
  },
  placeOrder: {
    at: 'shop',
    ask: (visit) => ({
      method: 'POST',
      path: '/v1/orders',
      headers: keyed(visit),
      body: { expectedTotal: visit.total },
    }),
    learn: (visit, answer) => {
      visit.orderId = (JSON.parse(answer) as { id: string }).id
    },
  },
  startPayment: {
    at: 'shop',
    ask: (visit) => ({
      method: 'POST',
      path: `/v1/orders/${visit.orderId}/payment`,
      headers: keyed(visit),
      body: {},
    }),
    learn: (visit, answer) => {
      visit.payment = (JSON.parse(answer) as { stripe: Visit['payment'] }).stripe
    },
  },
  confirmCard: {
    at: 'bank',
    ask: ({ payment }) => ({
      method: 'POST',
      path: `/v1/payment_intents/${payment.paymentIntentId}/confirm`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        key: payment.publishableKey,
        client_secret: payment.clientSecret,
        payment_method: 'pm_card_visa',
      }).toString(),
    }),
  },
}
