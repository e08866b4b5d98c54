import { reveal, type Secret } from '@comptoir/service-kit/secret'
import type Stripe from 'stripe'
import { WebhookForged, type Fetched, type Known, type Payable, type Provider } from './provider.ts'
import { callStripe } from './stripe-call.ts'
import { hintOf } from './stripe-hint.ts'
import { snapshotOf } from './stripe-snapshot.ts'

export interface StripeOptions {
  readonly secretKey: Secret
  readonly webhookSecret: Secret
  readonly apiBase: string
  readonly timeoutMs: number
}

const signatureAgeMaxSeconds = 300
const expand = ['latest_charge.refunds']
/** Stripe's search index lags up to a minute behind; what is younger is listed. */
const recentSeconds = 600
const recentMax = 1_000

/** Stripe by PaymentIntents that are authorised first and captured afterwards. */
export const createStripe = (options: StripeOptions): Provider => {
  const client = lazyClient(options)
  const ask = (
    operation: string,
    work: (stripe: Stripe) => Promise<Stripe.PaymentIntent>,
  ): Promise<Fetched> =>
    callStripe({ operation, timeoutMs: options.timeoutMs }, async () => fetched(await work(await client())))

  return {
    start: (payable, idempotencyKey) =>
      ask('create', (stripe) => stripe.paymentIntents.create(intentFor(payable), { idempotencyKey })),
    capture: ({ ref }, idempotencyKey) =>
      ask('capture', (stripe) => stripe.paymentIntents.capture(ref, { expand }, { idempotencyKey })),
    cancel: ({ ref }, idempotencyKey) =>
      ask('cancel', (stripe) => stripe.paymentIntents.cancel(ref, { expand }, { idempotencyKey })),
    refund: async (payment, amountMinor, idempotencyKey) => {
      const refund = refundFor(payment, amountMinor, idempotencyKey)
      await callStripe({ operation: 'refund', timeoutMs: options.timeoutMs }, async () =>
        (await client()).refunds.create(refund, { idempotencyKey }),
      )
      return ask('fetch', (stripe) => stripe.paymentIntents.retrieve(payment.ref, { expand }))
    },
    fetch: (ref) => ask('fetch', (stripe) => stripe.paymentIntents.retrieve(ref, { expand })),
    find: (paymentId, now) =>
      callStripe({ operation: 'find', timeoutMs: options.timeoutMs }, async () =>
        findIntent(await client(), paymentId, now),
      ),
    parseWebhook: async (incoming, now) => {
      const event = await verified(await client(), {
        body: incoming.body,
        signature: incoming.headers['stripe-signature'] ?? '',
        secret: reveal(options.webhookSecret),
        now,
      })
      return hintOf(event)
    },
  }
}

/** The SDK costs 17 MB and 40 ms, so it is loaded when it is first needed. */
const lazyClient = ({ secretKey, apiBase, timeoutMs }: StripeOptions): (() => Promise<Stripe>) => {
  const load = async (): Promise<Stripe> => {
    const { default: StripeSdk } = await import('stripe')
    const { hostname, port, protocol } = new URL(apiBase)
    const scheme = protocol === 'http:' ? 'http' : 'https'
    return new StripeSdk(reveal(secretKey), {
      host: hostname,
      port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port),
      protocol: scheme,
      // Retries belong to the operation’s row: they outlive the process.
      maxNetworkRetries: 0,
      timeout: timeoutMs,
      telemetry: false,
    })
  }
  let loaded: Promise<Stripe> | undefined
  return () => (loaded ??= load())
}

const intentFor = (payable: Payable): Stripe.PaymentIntentCreateParams => ({
  amount: payable.amountMinor,
  currency: payable.currency.toLowerCase(),
  capture_method: 'manual',
  // Wallets on cards included; what can only be paid at once is not offered.
  allowed_payment_method_types: ['card'],
  metadata: { orderId: payable.orderId, paymentId: payable.id },
  expand,
})

const refundFor = (payment: Known, amountMinor: number, operation: string): Stripe.RefundCreateParams => ({
  payment_intent: payment.ref,
  amount: amountMinor,
  metadata: { paymentId: payment.id, operation },
})

const fetched = (intent: Stripe.PaymentIntent): Fetched => ({
  snapshot: snapshotOf(intent),
  clientSecret: intent.client_secret,
})

const findIntent = async (stripe: Stripe, paymentId: string, now: Date): Promise<Fetched | undefined> => {
  const isOurs = ({ metadata }: Stripe.PaymentIntent): boolean => metadata['paymentId'] === paymentId
  const expandEach = expand.map((path) => `data.${path}`)
  const created = { gte: Math.floor(now.getTime() / 1000) - recentSeconds }
  let seen = 0
  for await (const intent of stripe.paymentIntents.list({ created, limit: 100, expand: expandEach })) {
    if (isOurs(intent)) return fetched(intent)
    if ((seen += 1) >= recentMax) break
  }
  const query = `metadata['paymentId']:'${paymentId}'`
  const found = await stripe.paymentIntents.search({ query, limit: 1, expand: expandEach })
  const intent = found.data.find(isOurs)
  return intent === undefined ? undefined : fetched(intent)
}

interface Signed {
  readonly body: string
  readonly signature: string
  readonly secret: string
  readonly now: Date
}

const verified = async (stripe: Stripe, { body, signature, secret, now }: Signed): Promise<Stripe.Event> => {
  try {
    return await stripe.webhooks.constructEventAsync(
      body,
      signature,
      secret,
      signatureAgeMaxSeconds,
      undefined,
      now.getTime(),
    )
  } catch (cause) {
    throw new WebhookForged('The signature does not fit', { cause })
  }
}
