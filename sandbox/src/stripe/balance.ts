import type { Stripe } from 'stripe'
import { randomId } from '../random-id.ts'
import type { Desk } from './desk.ts'
import { save } from './store.ts'

type Movement = {
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment'
  amount: number
  fee: number
  currency: string
  source: string
  description: string
}

const availableAfterSeconds = 2 * 24 * 3600

// 1.5 % and 20 minor units, as a European card costs at Stripe.
export const feeOf = (amount: number): number => Math.round((amount * 15) / 1000) + 20

export const bookMovement = (desk: Desk, movement: Movement): Stripe.BalanceTransaction => {
  const { fee, amount, currency } = movement
  const booked: Stripe.BalanceTransaction = {
    id: randomId('txn_'),
    object: 'balance_transaction',
    amount,
    available_on: desk.now() + availableAfterSeconds,
    balance_type: 'payments',
    created: desk.now(),
    currency,
    description: movement.description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: movement.type === 'adjustment' ? 'dispute' : movement.type,
    source: movement.source,
    status: 'pending',
    type: movement.type,
  }
  save(desk.ledger, booked)
  return booked
}
