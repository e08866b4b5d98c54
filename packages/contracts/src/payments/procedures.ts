/** What payments answers. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { OrderId } from '../ids.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { ExportedPayment, IncomingWebhook, Payment, PaymentStart } from './model.ts'

const ORDER_NOT_FOUND = { status: 404, message: 'There is no such order.' } as const
const PAYMENT_NOT_FOUND = { status: 404, message: 'There is no payment for this order.' } as const

export const payments = {
  startPayment: mutation({
    summary: 'Begin to pay an order, or go on with it',
    access: 'guest',
    timeoutMs: 10_000,
    http: { method: 'POST', path: '/v1/orders/{orderId}/payment' },
    idempotent: 'required',
    input: z.strictObject({ orderId: OrderId }),
    output: PaymentStart,
    errors: {
      ORDER_NOT_FOUND,
      PAYMENT_CLOSED: { status: 409, message: 'This order takes no payment any more.' },
      PROVIDER_UNAVAILABLE: { status: 503, message: 'The payment provider does not answer; try again.' },
    },
  }),
  getPayment: query({
    summary: 'The payment of an order',
    access: { own: 'guest', all: 'orders:read' },
    priority: 'checkout',
    http: { method: 'GET', path: '/v1/orders/{orderId}/payment' },
    input: z.strictObject({ orderId: OrderId }),
    output: Payment,
    errors: { PAYMENT_NOT_FOUND },
  }),
  exportPayments: query({
    summary: 'The payments of the caller’s own orders, oldest first, to take along',
    access: 'customer',
    fresh: true,
    http: { method: 'GET', path: '/v1/me/export/payments' },
    input: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: pageOf(ExportedPayment),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  capturePayment: mutation({
    summary: 'Take the authorised money, once; repeating it answers the same',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId }),
    output: Payment,
    errors: {
      PAYMENT_NOT_FOUND,
      PAYMENT_NOT_CAPTURABLE: { status: 409, message: 'There is no authorised money to take.' },
      PROVIDER_UNAVAILABLE: { status: 503, message: 'The payment provider does not answer; try again.' },
    },
  }),
  receiveWebhook: mutation({
    summary: 'Keep what the provider tells; it is worked on afterwards',
    access: 'internal',
    input: IncomingWebhook,
    output: z.object({ duplicate: z.boolean() }),
    errors: { WEBHOOK_SIGNATURE_INVALID: { status: 400, message: 'The signature does not fit.' } },
  }),
}
