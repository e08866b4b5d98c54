import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import { captureCharge, disputeIfCardDoes } from './capture-charge.ts'
import { expireIntent } from './cancel-intent.ts'
import type { Desk } from './desk.ts'
import { knownParams } from './intent-params.ts'
import { loadIntent, unexpectedState } from './intent-state.ts'
import { mergeMetadata, optionalInteger, refuseUnknown } from './params.ts'
import { find, save } from './store.ts'
import { errorAnswer, StripeError } from './stripe-error.ts'

const heldCharge = (desk: Desk, intent: Stripe.PaymentIntent): Stripe.Charge => {
  const id = typeof intent.latest_charge === 'string' ? intent.latest_charge : ''
  const charge = find(desk.ledger, 'charge', id)
  if (charge === undefined) throw unexpectedState(intent, 'This PaymentIntent has no charge.')
  return charge
}

const refused = (intent: Stripe.PaymentIntent): StripeError =>
  unexpectedState(
    intent,
    intent.status === 'succeeded'
      ? 'This PaymentIntent could not be captured because it has already been captured.'
      : `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
  )

export const captureIntent = ({ desk, form, id }: Call): Answer => {
  refuseUnknown(form, knownParams.capture)
  const intent = loadIntent(desk, id)
  if (intent.status !== 'requires_capture') throw refused(intent)
  const charge = heldCharge(desk, intent)
  const before = charge.payment_method_details?.card?.capture_before
  // Answered, not thrown: the hold has lapsed, and that must stay written.
  if (before !== undefined && before <= desk.now()) return errorAnswer(refused(expireIntent(desk, intent)))
  const amount = optionalInteger(form, 'amount_to_capture') ?? intent.amount_capturable
  if (amount < 1 || amount > intent.amount_capturable)
    throw new StripeError({
      code: amount < 1 ? 'parameter_invalid_integer' : 'amount_too_large',
      param: 'amount_to_capture',
      message: `The amount_to_capture must be between 1 and the amount capturable (${intent.amount_capturable}).`,
      executed: true,
    })
  const captured = captureCharge(desk, charge, amount)
  const paid: Stripe.PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: amount,
    metadata: mergeMetadata(intent.metadata, form),
  }
  save(desk.ledger, paid)
  desk.emit('charge.captured', captured)
  desk.emit('payment_intent.succeeded', paid)
  disputeIfCardDoes(desk, captured)
  return ok(paid)
}
