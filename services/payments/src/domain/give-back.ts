import type { Balances } from './fold.ts'
import type { PaymentRecord } from './payment.ts'

/** What has to be asked of the provider because the order was cancelled. */
export type GiveBack = { readonly name: 'cancel' } | { readonly name: 'refund'; readonly amountMinor: number }

type Holder = Pick<PaymentRecord, 'orderCancelled' | 'providerRef'>

/** The operation that frees the customer's money, or null when the provider holds none and cannot get any. */
export const giveBackOf = (payment: Holder, balances: Balances): GiveBack | null => {
  if (!payment.orderCancelled || payment.providerRef === null || balances.voided) return null
  if (balances.status === 'refunded') return null
  if (balances.status === 'captured') return refundOf(balances)
  // Also of a closed payment, whose intent may have come to be afterwards.
  return { name: 'cancel' }
}

/** An order of nothing is refunded too, so that its payment ends like any other. */
const refundOf = ({ capturedMinor, refundingMinor }: Balances): GiveBack | null => {
  const amountMinor = capturedMinor - refundingMinor
  return amountMinor > 0 || capturedMinor === 0 ? { name: 'refund', amountMinor } : null
}

/** Whether money may still move at the provider without our asking for it. */
export const canStillMove = (payment: Holder, balances: Balances): boolean => {
  if (payment.providerRef === null || balances.voided) return false
  if (balances.status !== 'captured' && balances.status !== 'refunded') return true
  if (balances.refundingMinor > balances.refundedMinor) return true
  return payment.orderCancelled && balances.capturedMinor > balances.refundedMinor
}
