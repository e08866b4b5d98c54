import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { attemptPayment } from './attempt-payment.ts'
import { ok, type Call } from './call.ts'
import type { Desk } from './desk.ts'
import { captureMethods, knownParams, returnUrlIn, shippingIn } from './intent-params.ts'
import { loadIntentFor, shownIntent, unexpectedState } from './intent-state.ts'
import { optionalChoice, optionalText, refuseUnknown } from './params.ts'
import { methodInCall } from './payment-method.ts'
import { find } from './store.ts'
import { errorAnswer, type StripeError } from './stripe-error.ts'

const refusals: Record<string, string> = {
  succeeded:
    'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
  requires_capture:
    'You cannot confirm this PaymentIntent because it has already been authorized and is waiting to be captured.',
  canceled: 'You cannot confirm this PaymentIntent because it has a status of canceled.',
}

const keptMethod = (desk: Desk, intent: Stripe.PaymentIntent): Stripe.PaymentMethod | undefined =>
  typeof intent.payment_method === 'string'
    ? find(desk.ledger, 'payment_method', intent.payment_method)
    : undefined

const loadConfirmable = (call: Call): Stripe.PaymentIntent => {
  refuseUnknown(call.form, knownParams.confirm)
  const intent = loadIntentFor(call)
  if (call.publishable && intent.confirmation_method === 'manual')
    throw unexpectedState(
      intent,
      'This PaymentIntent cannot be confirmed using your publishable key because its `confirmation_method` is set to `manual`.',
    )
  const refused = refusals[intent.status]
  if (refused !== undefined) throw unexpectedState(intent, refused)
  return intent
}

// A call with a publishable key must not see what belongs to the shop, in an error's intent neither.
const shownError = (call: Call, error: StripeError, intent: Stripe.PaymentIntent): Answer => {
  const answer = errorAnswer(error)
  return { ...answer, body: { error: { ...error.body, payment_intent: shownIntent(call, intent) } } }
}

export const confirmIntent = (call: Call): Answer => {
  const { desk, form } = call
  const found = loadConfirmable(call)
  const returnUrl = returnUrlIn(form)
  const intent: Stripe.PaymentIntent = {
    ...found,
    capture_method: optionalChoice(form, 'capture_method', captureMethods) ?? found.capture_method,
    receipt_email: optionalText(form, 'receipt_email') ?? found.receipt_email,
    shipping: shippingIn(form) ?? found.shipping,
  }
  const given = methodInCall(desk, form)
  // Confirming again what already waits for the customer changes nothing.
  if (given === undefined && intent.status === 'requires_action') return ok(shownIntent(call, intent))
  const method = given ?? keptMethod(desk, intent)
  if (method === undefined)
    throw unexpectedState(
      intent,
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    )
  const attempt = attemptPayment(desk, { intent, method, returnUrl, authenticated: false })
  return attempt.error === undefined
    ? ok(shownIntent(call, attempt.intent))
    : shownError(call, attempt.error, attempt.intent)
}
