import type { Stripe } from 'stripe'
import { randomId } from '../random-id.ts'
import { bookMovement, feeOf } from './balance.ts'
import type { Desk } from './desk.ts'
import { save, typeOf } from './store.ts'
import { cardNamed } from './test-cards.ts'

// Money moves here and nowhere else: the movement is booked, and what was held and not taken is released.
export const captureCharge = (desk: Desk, charge: Stripe.Charge, amount: number): Stripe.Charge => {
  const booked = bookMovement(desk, {
    type: 'charge',
    amount,
    fee: feeOf(amount),
    currency: charge.currency,
    source: charge.id,
    description: charge.description ?? 'Payment',
  })
  const captured: Stripe.Charge = {
    ...charge,
    amount_captured: amount,
    amount_refunded: charge.amount - amount,
    balance_transaction: booked.id,
    captured: true,
  }
  save(desk.ledger, captured)
  return captured
}

// The card that buys and then tells its bank it did not: the dispute follows the capture at once.
export const disputeIfCardDoes = (desk: Desk, charge: Stripe.Charge): Stripe.Charge => {
  const name = typeof charge.payment_method === 'string' ? typeOf(desk.ledger, charge.payment_method) : null
  if (name === null || cardNamed(name).afterwards !== 'dispute') return charge
  const id = randomId('du_')
  const withdrawn = bookMovement(desk, {
    type: 'adjustment',
    amount: -charge.amount_captured,
    fee: 2000,
    currency: charge.currency,
    source: id,
    description: `Chargeback withdrawal for ${charge.id}`,
  })
  const disputed: Stripe.Charge = { ...charge, disputed: true }
  save(desk.ledger, disputed)
  const dispute = newDispute(desk, { id, charge: disputed, withdrawn })
  save(desk.ledger, dispute)
  desk.emit('charge.dispute.created', dispute)
  desk.emit('charge.dispute.funds_withdrawn', dispute)
  return disputed
}

type NewDispute = { id: string; charge: Stripe.Charge; withdrawn: Stripe.BalanceTransaction }

const answerWithinSeconds = 9 * 24 * 3600

const newDispute = (desk: Desk, { id, charge, withdrawn }: NewDispute): Stripe.Dispute => ({
  id,
  object: 'dispute',
  amount: charge.amount_captured,
  balance_transactions: [withdrawn],
  charge: charge.id,
  created: desk.now(),
  currency: charge.currency,
  enhanced_eligibility_types: [],
  evidence: noEvidence,
  evidence_details: {
    due_by: desk.now() + answerWithinSeconds,
    enhanced_eligibility: {},
    has_evidence: false,
    past_due: false,
    submission_count: 0,
    submission_method: 'not_submitted',
  },
  intended_submission_method: null,
  is_charge_refundable: false,
  livemode: false,
  metadata: {},
  payment_intent: charge.payment_intent,
  reason: 'fraudulent',
  status: 'needs_response',
})

const noEvidence: Stripe.Dispute['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}
