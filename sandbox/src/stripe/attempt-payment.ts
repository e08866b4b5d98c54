import type { Stripe } from 'stripe'
import { captureCharge, disputeIfCardDoes } from './capture-charge.ts'
import { newCharge } from './charge.ts'
import type { Desk } from './desk.ts'
import { save, typeOf } from './store.ts'
import { StripeError } from './stripe-error.ts'
import { cardNamed, type Decline } from './test-cards.ts'

type Attempt = { intent: Stripe.PaymentIntent; error?: StripeError }

type Options = {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  returnUrl: string | null
  authenticated: boolean
}

// One try of one payment method on one intent: it ends in a challenge, a decline, a hold or a payment.
export const attemptPayment = (
  desk: Desk,
  { intent, method, returnUrl, authenticated }: Options,
): Attempt => {
  const card = cardNamed(typeOf(desk.ledger, method.id) ?? 'visa')
  const started: Stripe.PaymentIntent = {
    ...intent,
    payment_method: method.id,
    last_payment_error: null,
    next_action: null,
  }
  if (card.authentication === true && !authenticated) return { intent: challenge(desk, started, returnUrl) }
  const charge = newCharge({ intent: started, method, now: desk.now(), decline: card.decline, authenticated })
  save(desk.ledger, charge)
  if (card.decline !== undefined)
    return decline(desk, { intent: started, method, charge, reason: card.decline })
  return {
    intent: started.capture_method === 'manual' ? hold(desk, started, charge) : pay(desk, started, charge),
  }
}

const challenge = (
  desk: Desk,
  intent: Stripe.PaymentIntent,
  returnUrl: string | null,
): Stripe.PaymentIntent => {
  const url = `${desk.origin()}/sandbox/3ds/${intent.id}`
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } },
  }
  save(desk.ledger, waiting)
  desk.emit('payment_intent.requires_action', waiting)
  return waiting
}

const hold = (desk: Desk, intent: Stripe.PaymentIntent, charge: Stripe.Charge): Stripe.PaymentIntent => {
  const held: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
  }
  save(desk.ledger, held)
  desk.emit('charge.succeeded', charge)
  desk.emit('payment_intent.amount_capturable_updated', held)
  return held
}

const pay = (desk: Desk, intent: Stripe.PaymentIntent, charge: Stripe.Charge): Stripe.PaymentIntent => {
  const captured = captureCharge(desk, charge, intent.amount)
  const paid: Stripe.PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
  }
  save(desk.ledger, paid)
  desk.emit('charge.succeeded', captured)
  desk.emit('payment_intent.succeeded', paid)
  disputeIfCardDoes(desk, captured)
  return paid
}

type Declined = {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  charge: Stripe.Charge
  reason: Decline
}

const decline = (desk: Desk, { intent, method, charge, reason }: Declined): Attempt => {
  const failure = {
    type: 'card_error' as const,
    code: reason.code,
    decline_code: reason.declineCode,
    message: reason.message,
    charge: charge.id,
  }
  const refused: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: charge.id,
    last_payment_error: { ...failure, payment_method: method },
  }
  save(desk.ledger, refused)
  desk.emit('charge.failed', charge)
  desk.emit('payment_intent.payment_failed', refused)
  const body = { ...failure, payment_method: method, payment_intent: refused }
  return { intent: refused, error: new StripeError({ ...body, status: 402, executed: true }) }
}
