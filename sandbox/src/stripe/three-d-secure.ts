import type { Stripe } from 'stripe'
import { attemptPayment } from './attempt-payment.ts'
import type { Desk } from './desk.ts'
import { loadIntent, unexpectedState } from './intent-state.ts'
import { find, save } from './store.ts'

export type Outcome = 'approve' | 'decline'

const loadWaiting = (
  desk: Desk,
  id: string,
): { intent: Stripe.PaymentIntent; method: Stripe.PaymentMethod } => {
  const intent = loadIntent(desk, id)
  const methodId = typeof intent.payment_method === 'string' ? intent.payment_method : ''
  const method = find(desk.ledger, 'payment_method', methodId)
  if (intent.status !== 'requires_action' || method === undefined)
    throw unexpectedState(
      intent,
      `This PaymentIntent does not wait for the customer; its status is ${intent.status}.`,
    )
  return { intent, method }
}

const authenticationFailure = {
  type: 'invalid_request_error' as const,
  code: 'payment_intent_authentication_failure' as const,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

// What the customer's bank would say after its own page. Returns the intent as it then stands.
export const completeChallenge = (desk: Desk, id: string, outcome: Outcome): Stripe.PaymentIntent => {
  const { intent, method } = loadWaiting(desk, id)
  if (outcome === 'approve')
    return attemptPayment(desk, { intent, method, returnUrl: null, authenticated: true }).intent
  const refused: Stripe.PaymentIntent = {
    ...intent,
    status: 'requires_payment_method',
    next_action: null,
    payment_method: null,
    last_payment_error: { ...authenticationFailure, payment_method: method },
  }
  save(desk.ledger, refused)
  desk.emit('payment_intent.payment_failed', refused)
  return refused
}
