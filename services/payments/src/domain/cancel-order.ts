import { advance, type Advanced } from './advance.ts'
import type { Movement } from './movement.ts'
import type { PaymentRecord } from './payment.ts'

/** What a payment becomes when its order is cancelled: unstarted it is closed, otherwise the provider is asked first. */
export const cancelOrder = (payment: PaymentRecord, log: readonly Movement[], at: Date): Advanced =>
  advance(payment, log, {
    orderCancelled: true,
    movements: payment.providerRef === null ? [closing(payment, at)] : [],
  })

const closing = (payment: PaymentRecord, at: Date): Movement => ({
  object: payment.id,
  kind: 'void',
  outcome: 'succeeded',
  amountMinor: 0,
  at: at.toISOString(),
  code: null,
  operation: null,
})
