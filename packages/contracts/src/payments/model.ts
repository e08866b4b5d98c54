/** Payments as shops see them; what the provider knows stays in payments. */
import { z } from 'zod'
import { Contact } from '../carts/model.ts'
import { OrderId, PaymentId } from '../ids.ts'
import { Price } from '../money.ts'
import { Timestamp } from '../text.ts'

export const PaymentProvider = z.enum(['stripe', 'none'])
export type PaymentProvider = z.infer<typeof PaymentProvider>

export const paymentStatuses = ['open', 'started', 'authorized', 'captured', 'refunded', 'cancelled'] as const
export const PaymentStatus = z.enum(paymentStatuses)
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** The failure of a payment whose provider names another amount: a person has to look, and the customer cannot mend it. */
export const AMOUNT_MISMATCH = 'AMOUNT_MISMATCH'

export const Payment = z.object({
  id: PaymentId,
  orderId: OrderId,
  provider: PaymentProvider,
  status: PaymentStatus,
  amount: Price,
  authorized: Price,
  captured: Price,
  refunded: Price,
  failure: z.string().nullable().describe('Why the last try was declined, as a stable code'),
  version: z.number().int(),
  createdAt: Timestamp,
})
export type Payment = z.infer<typeof Payment>

/** A payment with whom it was asked of. */
export const ExportedPayment = Payment.extend({ orderNumber: z.string(), contact: Contact })
export type ExportedPayment = z.infer<typeof ExportedPayment>

/** What a client needs to let the customer pay. */
export const PaymentStart = z.object({
  payment: Payment,
  stripe: z
    .object({ clientSecret: z.string(), paymentIntentId: z.string(), publishableKey: z.string() })
    .nullable()
    .describe('Null when there is nothing to pay'),
})
export type PaymentStart = z.infer<typeof PaymentStart>

/** A provider’s call as it came in: the signature covers the raw body. */
export const IncomingWebhook = z.strictObject({
  body: z.string().max(1_048_576),
  headers: z.record(z.string(), z.string().max(4_096)),
})
export type IncomingWebhook = z.infer<typeof IncomingWebhook>
