import type Stripe from 'stripe'
import type { Movement } from '../domain/movement.ts'
import type { ProviderSnapshot } from '../domain/snapshot.ts'

/** Reads an intent with its charge and refunds expanded. */
export const snapshotOf = (intent: Stripe.PaymentIntent): ProviderSnapshot => {
  const charge = chargeOf(intent)
  return {
    ref: intent.id,
    paymentId: intent.metadata['paymentId'] ?? null,
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    movements: [
      ...declineOf(intent, charge),
      ...(charge === null ? [] : chargeMovements(intent, charge)),
      ...(intent.status === 'canceled' ? [voidOf(intent)] : []),
    ],
    raw: {
      intent: intent.id,
      status: intent.status,
      amount: intent.amount,
      amountReceived: intent.amount_received,
      currency: intent.currency,
      charge: charge?.id ?? null,
      cancellationReason: intent.cancellation_reason,
    },
  }
}

const chargeOf = (intent: Stripe.PaymentIntent): Stripe.Charge | null => {
  if (typeof intent.latest_charge === 'string') throw new Error('The intent was fetched without its charge')
  return intent.latest_charge
}

const chargeMovements = (intent: Stripe.PaymentIntent, charge: Stripe.Charge): Movement[] => {
  if (charge.status !== 'succeeded') return []
  const at = iso(charge.created)
  const authorized = fact({ object: intent.id, kind: 'authorization', amountMinor: charge.amount, at })
  if (!charge.captured) return [authorized]
  const captured = fact({ object: charge.id, kind: 'capture', amountMinor: charge.amount_captured, at })
  // What a cancelled hold releases also shows as refunded; only captured money was ever taken.
  return [authorized, captured, ...(charge.refunds?.data ?? []).map(refundOf)]
}

const refundOutcomes: Readonly<Record<string, Movement['outcome']>> = {
  pending: 'requested',
  requires_action: 'requested',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
}

const refundOf = (refund: Stripe.Refund): Movement =>
  fact({
    object: refund.id,
    kind: 'refund',
    outcome: refundOutcomes[refund.status ?? 'pending'] ?? 'requested',
    amountMinor: refund.amount,
    at: iso(refund.created),
    code: refund.failure_reason ?? null,
    operation: refund.metadata?.['operation'] ?? null,
  })

const voidOf = (intent: Stripe.PaymentIntent): Movement =>
  fact({
    object: intent.id,
    kind: 'void',
    amountMinor: intent.amount,
    at: iso(intent.canceled_at ?? intent.created),
    code: intent.cancellation_reason,
  })

const declineOf = (intent: Stripe.PaymentIntent, charge: Stripe.Charge | null): Movement[] => {
  const error = intent.last_payment_error
  if (error === null) return []
  const code = error.decline_code ?? error.code ?? error.type
  return [
    fact({
      object: error.charge ?? `${intent.id}/${code}`,
      kind: 'authorization',
      outcome: 'failed',
      amountMinor: intent.amount,
      at: iso(charge?.created ?? intent.created),
      code: code.toUpperCase(),
    }),
  ]
}

type Fact = Pick<Movement, 'object' | 'kind' | 'amountMinor' | 'at'> & Partial<Movement>

const fact = (given: Fact): Movement => ({ outcome: 'succeeded', code: null, operation: null, ...given })

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
