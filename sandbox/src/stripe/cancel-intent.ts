import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import type { Desk } from './desk.ts'
import { knownParams } from './intent-params.ts'
import { loadIntent, unexpectedState } from './intent-state.ts'
import { optionalChoice, refuseUnknown } from './params.ts'
import { find, save } from './store.ts'

const reasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const
const cancelable: string[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
]

const releaseHold = (
  desk: Desk,
  intent: Stripe.PaymentIntent,
  event: 'charge.refunded' | 'charge.expired',
): void => {
  const id = typeof intent.latest_charge === 'string' ? intent.latest_charge : ''
  const charge = find(desk.ledger, 'charge', id)
  if (charge === undefined || charge.status !== 'succeeded') return
  const released: Stripe.Charge = { ...charge, amount_refunded: charge.amount, refunded: true }
  save(desk.ledger, released)
  desk.emit(event, released)
}

const end = (
  desk: Desk,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent => {
  const canceled: Stripe.PaymentIntent = {
    ...intent,
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: desk.now(),
    cancellation_reason: reason,
    next_action: null,
  }
  save(desk.ledger, canceled)
  desk.emit('payment_intent.canceled', canceled)
  return canceled
}

export const cancelIntent = ({ desk, form, id }: Call): Answer => {
  refuseUnknown(form, knownParams.cancel)
  const reason = optionalChoice(form, 'cancellation_reason', reasons) ?? null
  const intent = loadIntent(desk, id)
  if (!cancelable.includes(intent.status))
    throw unexpectedState(
      intent,
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}.`,
    )
  if (intent.status === 'requires_capture') releaseHold(desk, intent, 'charge.refunded')
  return ok(end(desk, intent, reason))
}

// The hold was not captured in time.
export const expireIntent = (desk: Desk, intent: Stripe.PaymentIntent): Stripe.PaymentIntent => {
  releaseHold(desk, intent, 'charge.expired')
  return end(desk, intent, 'automatic')
}
