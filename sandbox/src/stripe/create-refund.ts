import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { randomId } from '../random-id.ts'
import { bookMovement } from './balance.ts'
import { ok, type Call } from './call.ts'
import type { Desk } from './desk.ts'
import type { Form } from './form.ts'
import { loadIntent, unexpectedState } from './intent-state.ts'
import { mergeMetadata, optionalChoice, optionalInteger, optionalText, refuseUnknown } from './params.ts'
import { find, save, typeOf } from './store.ts'
import { missing, notFound, StripeError } from './stripe-error.ts'
import { cardNamed } from './test-cards.ts'

const known = [
  'amount',
  'charge',
  'currency',
  'customer',
  'expand',
  'instructions_email',
  'metadata',
  'origin',
  'payment_intent',
  'reason',
  'refund_application_fee',
  'reverse_transfer',
]

const chargeIn = (desk: Desk, form: Form): Stripe.Charge => {
  const chargeId = optionalText(form, 'charge')
  const intentId = optionalText(form, 'payment_intent')
  if (chargeId === undefined && intentId === undefined) throw missing('payment_intent')
  const intent = intentId === undefined ? undefined : loadIntent(desk, intentId)
  const id = chargeId ?? (typeof intent?.latest_charge === 'string' ? intent.latest_charge : '')
  const charge = find(desk.ledger, 'charge', id)
  if (charge?.captured === true) return charge
  if (intent !== undefined)
    throw unexpectedState(
      intent,
      `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    )
  if (charge === undefined) throw notFound('charge', id, 'charge')
  throw new StripeError({
    code: 'charge_not_refundable',
    message: `Charge ${id} has not been captured.`,
    executed: true,
  })
}

const refundable = (charge: Stripe.Charge, wanted: number | undefined): number => {
  const left = charge.amount - charge.amount_refunded
  if (left === 0)
    throw new StripeError({
      code: 'charge_already_refunded',
      message: `Charge ${charge.id} has already been refunded.`,
      executed: true,
    })
  if (charge.disputed)
    throw new StripeError({
      code: 'charge_disputed',
      message: `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      executed: true,
    })
  const amount = wanted ?? left
  if (amount < 1)
    throw new StripeError({
      code: 'parameter_invalid_integer',
      param: 'amount',
      message: 'Invalid positive integer',
    })
  if (amount > left)
    throw new StripeError({
      code: 'amount_too_large',
      param: 'amount',
      message: `Refund amount (${amount}) is greater than ${charge.amount_refunded === 0 ? 'charge amount' : 'unrefunded amount on charge'} (${left})`,
      executed: true,
    })
  return amount
}

const behaviourOf = (desk: Desk, charge: Stripe.Charge): string | undefined => {
  const name = typeof charge.payment_method === 'string' ? typeOf(desk.ledger, charge.payment_method) : null
  return name === null ? undefined : cardNamed(name).afterwards
}

export const createRefund = ({ desk, form }: Call): Answer => {
  refuseUnknown(form, known)
  const reason = optionalChoice(form, 'reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null
  const charge = chargeIn(desk, form)
  const amount = refundable(charge, optionalInteger(form, 'amount'))
  const id = randomId('re_')
  const behaviour = behaviourOf(desk, charge)
  const booked = bookMovement(desk, {
    type: 'refund',
    amount: -amount,
    fee: 0,
    currency: charge.currency,
    source: id,
    description: `REFUND FOR CHARGE ${charge.id}`,
  })
  const refund: Stripe.Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: booked.id,
    charge: charge.id,
    created: desk.now(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' },
    },
    metadata: mergeMetadata({}, form),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'refund_pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  // The column says what is still to come of it; the body, what has been said so far.
  save(
    desk.ledger,
    refund,
    behaviour === 'refund_pending' || behaviour === 'refund_failure' ? behaviour : 'final',
  )
  const refunded = charge.amount_refunded + amount
  const changed: Stripe.Charge = {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount,
  }
  save(desk.ledger, changed)
  desk.emit('refund.created', refund)
  desk.emit('charge.refunded', changed)
  return ok(refund)
}

export const updateRefund = ({ desk, form, id }: Call): Answer => {
  refuseUnknown(form, ['metadata', 'expand'])
  const refund = find(desk.ledger, 'refund', id)
  if (refund === undefined) throw notFound('refund', id)
  const updated: Stripe.Refund = { ...refund, metadata: mergeMetadata(refund.metadata ?? {}, form) }
  save(desk.ledger, updated, typeOf(desk.ledger, id) ?? undefined)
  desk.emit('refund.updated', updated)
  return ok(updated)
}
