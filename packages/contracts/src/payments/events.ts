/** What payments tells: the payment as it is after each step. */
import { z } from 'zod'
import { Contact } from '../carts/model.ts'
import { event } from '../event.ts'
import { Payment } from './model.ts'

/** `settlesCancelled`: the order had been cancelled before, and nobody should act on the money but payments. */
const PaymentData = Payment.omit({ createdAt: true }).extend({
  orderNumber: z.string(),
  contact: Contact,
  settlesCancelled: z.boolean(),
})

export const paymentStarted = event({
  subject: 'payments.payment.started.v1',
  aggregate: 'payment',
  data: PaymentData,
})
export const paymentAuthorized = event({
  subject: 'payments.payment.authorized.v1',
  aggregate: 'payment',
  data: PaymentData,
})
export const paymentCaptured = event({
  subject: 'payments.payment.captured.v1',
  aggregate: 'payment',
  data: PaymentData,
})
export const paymentFailed = event({
  subject: 'payments.payment.failed.v1',
  aggregate: 'payment',
  data: PaymentData,
})
export const paymentRefunded = event({
  subject: 'payments.payment.refunded.v1',
  aggregate: 'payment',
  data: PaymentData,
})
export const paymentCancelled = event({
  subject: 'payments.payment.cancelled.v1',
  aggregate: 'payment',
  data: PaymentData,
})
