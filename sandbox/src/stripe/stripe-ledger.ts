import type { Ledger } from '../ledger.ts'
import { all } from './store.ts'

const plainId = (link: unknown): string | null => (typeof link === 'string' ? link : null)

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0)

// What really happened, for those who check others: only money that moved counts as captured or refunded.
export const stripeLedger = (ledger: Ledger): Record<string, unknown> => {
  const intents = all(ledger, 'payment_intent')
  const charges = all(ledger, 'charge')
  const movements = all(ledger, 'balance_transaction')
  const refunds = all(ledger, 'refund')
  const intentOf = new Map(charges.map((charge) => [charge.id, plainId(charge.payment_intent)]))
  const captures = movements
    .filter(({ type }) => type === 'charge')
    .map(({ amount, currency, created, source }) => {
      const charge = plainId(source) ?? ''
      return { intent: intentOf.get(charge) ?? null, charge, amount, currency, at: created }
    })
  const authorizations = charges
    .filter((charge) => charge.status === 'succeeded')
    .map(({ id, payment_intent, amount, captured, refunded, currency, created }) => {
      const open = !captured && !refunded
      return { intent: plainId(payment_intent), charge: id, amount, currency, captured, open, at: created }
    })
  return {
    intents,
    charges,
    authorizations,
    captures,
    refunds: refunds.map(({ id, payment_intent, charge, amount, currency, status, created }) => {
      return {
        id,
        intent: plainId(payment_intent),
        charge: plainId(charge),
        amount,
        currency,
        status,
        at: created,
      }
    }),
    disputes: all(ledger, 'dispute'),
    movements,
    totals: {
      captured: sum(captures.map(({ amount }) => amount)),
      refunded: -sum(movements.filter(({ type }) => type.startsWith('refund')).map(({ amount }) => amount)),
      held: sum(authorizations.filter(({ open }) => open).map(({ amount }) => amount)),
    },
  }
}
