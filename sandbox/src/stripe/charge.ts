import type { Stripe } from 'stripe'
import { randomId } from '../random-id.ts'
import type { Decline } from './test-cards.ts'

const holdSeconds = 7 * 24 * 3600

type Options = {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  now: number
  decline: Decline | undefined
  authenticated: boolean
}

const cardDetails = ({
  intent,
  method,
  now,
  decline,
  authenticated,
}: Options): Stripe.Charge.PaymentMethodDetails.Card => {
  const manual = intent.capture_method === 'manual'
  const card = method.card
  return {
    amount_authorized: decline === undefined ? intent.amount : null,
    authorization_code: decline === undefined ? randomId('', 6).toUpperCase() : null,
    brand: card?.brand ?? null,
    ...(manual && decline === undefined && { capture_before: now + holdSeconds }),
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: decline?.code === 'incorrect_cvc' ? 'fail' : 'pass',
    },
    country: card?.country ?? null,
    electronic_commerce_indicator: authenticated ? '05' : null,
    exp_month: card?.exp_month ?? 12,
    exp_year: card?.exp_year ?? 2030,
    funding: card?.funding ?? null,
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    network: card?.brand ?? null,
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  }
}

const outcome = (decline: Decline | undefined): Stripe.Charge.Outcome => ({
  advice_code: decline === undefined ? null : 'try_again_later',
  network_advice_code: null,
  network_decline_code: null,
  network_status: decline === undefined ? 'approved_by_network' : 'declined_by_network',
  reason: decline?.declineCode ?? null,
  risk_level: 'normal',
  risk_score: 12,
  seller_message: decline === undefined ? 'Payment complete.' : 'The bank declined the payment.',
  type: decline === undefined ? 'authorized' : 'issuer_declined',
})

// A new attempt's charge: declined, held, or captured at once, as the intent wants.
export const newCharge = (options: Options): Stripe.Charge => {
  const { intent, method, now, decline } = options
  const captured = decline === undefined && intent.capture_method !== 'manual'
  return {
    id: randomId('ch_'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { ...method.billing_details },
    calculated_statement_descriptor: 'COMPTOIR',
    captured,
    created: now,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcome(decline),
    paid: decline === undefined,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: cardDetails(options) },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: decline === undefined ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
}
