import type { Stripe } from 'stripe'
import { bookMovement } from './balance.ts'
import type { Desk } from './desk.ts'
import { find, save } from './store.ts'

type Waiting = { id: string; type: 'refund_pending' | 'refund_failure' }

const waiting = (desk: Desk, until: number): Waiting[] =>
  desk.ledger
    .query<Waiting, [number]>(
      "select id, type from objects where kind = 'refund' and type in ('refund_pending', 'refund_failure') and created <= ?",
    )
    .all(until)

const succeed = (desk: Desk, refund: Stripe.Refund): void => {
  const settled: Stripe.Refund = { ...refund, status: 'succeeded' }
  save(desk.ledger, settled, 'final')
  desk.emit('refund.updated', settled)
}

// The customer's bank sent the money back: it is the shop's again, and may be refunded another way.
const fail = (desk: Desk, refund: Stripe.Refund): void => {
  const returned = bookMovement(desk, {
    type: 'refund_failure',
    amount: refund.amount,
    fee: 0,
    currency: refund.currency,
    source: refund.id,
    description: `REFUND FAILURE FOR ${refund.id}`,
  })
  const failed: Stripe.Refund = {
    ...refund,
    status: 'failed',
    failure_reason: 'unknown',
    failure_balance_transaction: returned.id,
  }
  save(desk.ledger, failed, 'final')
  const charge = find(desk.ledger, 'charge', typeof refund.charge === 'string' ? refund.charge : '')
  if (charge !== undefined)
    save(desk.ledger, { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false })
  desk.emit('refund.updated', failed)
  desk.emit('refund.failed', failed)
}

// Refunds made up to `until` (seconds) on the asynchronous test cards reach their end.
export const settleRefunds = (desk: Desk, until: number): number => {
  const due = waiting(desk, until)
  for (const { id, type } of due) {
    const refund = find(desk.ledger, 'refund', id)
    if (refund === undefined) continue
    if (type === 'refund_pending') succeed(desk, refund)
    else fail(desk, refund)
  }
  return due.length
}

export const refundsWait = (desk: Desk): boolean => waiting(desk, Number.MAX_SAFE_INTEGER).length > 0
