import { occurred, type EventContract, type Occurrence } from '@comptoir/contracts/event'
import {
  paymentAuthorized,
  paymentCancelled,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentStarted,
} from '@comptoir/contracts/payments/events'
import type { PaymentStatus } from '@comptoir/contracts/payments/model'
import { paymentView, stepsBetween, type PaymentRecord } from './payment.ts'

type PaymentEvent = EventContract<string, 'payment', (typeof paymentStarted)['data']>

const told = {
  started: paymentStarted,
  authorized: paymentAuthorized,
  captured: paymentCaptured,
  refunded: paymentRefunded,
  cancelled: paymentCancelled,
} as const satisfies Record<Exclude<PaymentStatus, 'open'>, PaymentEvent>

interface Change {
  readonly before: PaymentRecord
  readonly after: PaymentRecord
  /** A try was declined that we had not heard of. */
  readonly declined: boolean
}

/** What to tell of a change: every step on the way, in order, each with the version after it. */
export const occurrencesOf = ({ before, after, declined }: Change): readonly Occurrence[] => {
  const refundWasTold = before.refundToldMinor > 0 && after.refundedMinor <= before.refundToldMinor
  const steps = stepsBetween(before.status, after.status)
    .filter((status) => status !== 'open')
    .filter((status) => status !== 'refunded' || !refundWasTold)
  const states: [PaymentEvent, PaymentRecord][] = steps.map((status) => [told[status], asOf(after, status)])
  if (declined && isUnpaid(after.status)) states.push([paymentFailed, after])
  const isPart = after.refundedMinor > before.refundToldMinor && !steps.includes('refunded')
  if (isPart) states.push([paymentRefunded, after])
  return states.map(([event, state], index) => {
    const version = before.version + index + 1
    return occurred(event, { aggregateId: after.id, version, data: dataOf({ ...state, version }) })
  })
}

const isUnpaid = (status: PaymentStatus): boolean => status === 'open' || status === 'started'

/** The payment as it was when it had just reached a status that it has passed by now. */
const asOf = (payment: PaymentRecord, status: PaymentStatus): PaymentRecord => {
  if (status === payment.status) return { ...payment, refundedMinor: refundedAt(payment, status) }
  if (status === 'captured') return { ...payment, status, refundedMinor: 0 }
  const authorizedMinor = status === 'authorized' ? payment.amountMinor : 0
  return { ...payment, status, authorizedMinor, capturedMinor: 0, refundedMinor: 0 }
}

const refundedAt = (payment: PaymentRecord, status: PaymentStatus): number =>
  status === 'captured' ? 0 : payment.refundedMinor

const dataOf = (payment: PaymentRecord) => {
  const { createdAt: _, ...view } = paymentView(payment)
  return {
    ...view,
    orderNumber: payment.orderNumber,
    contact: payment.contact,
    settlesCancelled: payment.orderCancelled,
  }
}
