import type { Contact } from '@comptoir/contracts/carts/model'
import type { OrderId, PaymentId } from '@comptoir/contracts/ids'
import type { Payment, PaymentProvider, PaymentStatus } from '@comptoir/contracts/payments/model'

export const paymentProviders = ['stripe', 'none'] as const satisfies readonly PaymentProvider[]

/** A payment as its row holds it. Status, balances and failure are folded from the log of movements. */
export interface PaymentRecord {
  readonly id: PaymentId
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly ownerKind: 'guest' | 'customer'
  readonly ownerId: string
  readonly contact: Contact
  /** The trace that placed the order, which the workers continue. */
  readonly traceparent: string | null
  readonly provider: PaymentProvider
  readonly providerRef: string | null
  readonly amountMinor: number
  readonly currency: string
  readonly status: PaymentStatus
  readonly authorizedMinor: number
  readonly capturedMinor: number
  readonly refundedMinor: number
  /** The most that was ever told as refunded: a refund that came back is made again, but not told again. */
  readonly refundToldMinor: number
  readonly failure: string | null
  readonly orderCancelled: boolean
  /** Whether money may still move without anybody telling us, so that the reconciler has to ask. */
  readonly watched: boolean
  /** Rises by one with every event told, so that hearers see no gap. */
  readonly version: number
  readonly createdAt: Date
}

/** What follows what. A closed payment can still be authorised: a customer may pay an order that was just cancelled. */
const follows = {
  open: ['started', 'cancelled'],
  started: ['authorized', 'cancelled'],
  authorized: ['captured', 'cancelled'],
  captured: ['refunded'],
  refunded: [],
  cancelled: ['authorized'],
} as const satisfies Record<PaymentStatus, readonly PaymentStatus[]>

/** The steps from one status to another, the last included: what was not heard one by one is told one by one. */
export const stepsBetween = (from: PaymentStatus, to: PaymentStatus): readonly PaymentStatus[] => {
  if (from === to || isReversal(from, to)) return []
  const steps: PaymentStatus[] = []
  for (let at = from; at !== to; steps.push(at)) {
    const ahead: readonly PaymentStatus[] = follows[at]
    const step = ahead.includes(to) ? to : ahead.find((status) => status !== 'cancelled')
    if (step === undefined) throw new Error(`A payment cannot go from ${from} to ${to}`)
    at = step
  }
  return steps
}

/** A bank may send a refund back: the money is ours again, and there is nobody to tell until it has been returned. */
const isReversal = (from: PaymentStatus, to: PaymentStatus): boolean =>
  from === 'refunded' && to === 'captured'

/** Whether a customer may still pay, or already has what it takes. */
export const takesPayment = (payment: PaymentRecord): boolean =>
  !payment.orderCancelled && ['open', 'started', 'authorized'].includes(payment.status)

/** The payment as the contract shows it. */
export const paymentView = (payment: PaymentRecord): Payment => ({
  id: payment.id,
  orderId: payment.orderId,
  provider: payment.provider,
  status: payment.status,
  amount: { amountMinor: payment.amountMinor, currency: payment.currency },
  authorized: { amountMinor: payment.authorizedMinor, currency: payment.currency },
  captured: { amountMinor: payment.capturedMinor, currency: payment.currency },
  refunded: { amountMinor: payment.refundedMinor, currency: payment.currency },
  failure: payment.failure,
  version: payment.version,
  createdAt: payment.createdAt.toISOString(),
})
