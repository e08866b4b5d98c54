import type { Stripe } from 'stripe'
import type { Call } from './call.ts'
import type { Desk } from './desk.ts'
import { optionalText } from './params.ts'
import { find } from './store.ts'
import { notFound, StripeError } from './stripe-error.ts'

export const loadIntent = (desk: Desk, id: string): Stripe.PaymentIntent => {
  const intent = find(desk.ledger, 'payment_intent', id)
  if (intent === undefined) throw notFound('payment_intent', id, 'intent')
  return intent
}

// With a publishable key the intent opens only to who holds its client secret, as in a browser.
export const loadIntentFor = (call: Call): Stripe.PaymentIntent => {
  const given = optionalText(call.form, 'client_secret')
  if (call.publishable && given === undefined)
    throw new StripeError({
      code: 'parameter_missing',
      param: 'client_secret',
      message: 'A client_secret is required when using a publishable key.',
    })
  const intent = loadIntent(call.desk, call.id)
  if (given !== undefined && given !== intent.client_secret)
    throw new StripeError({
      code: 'payment_intent_invalid_parameter',
      param: 'client_secret',
      message:
        'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
    })
  return intent
}

export const unexpectedState = (intent: Stripe.PaymentIntent, message: string): StripeError =>
  new StripeError({
    code: 'payment_intent_unexpected_state',
    message,
    payment_intent: intent,
    executed: true,
  })

const browserFields = [
  'id',
  'object',
  'amount',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'source',
  'status',
] as const satisfies (keyof Stripe.PaymentIntent)[]

// What Stripe shows of an intent depends on the key: a browser sees no metadata and no charge.
export const shownIntent = (call: Call, intent: Stripe.PaymentIntent): unknown =>
  call.publishable ? Object.fromEntries(browserFields.map((field) => [field, intent[field]])) : intent
