import type { OrderState } from './order.ts'

/** Whether money of the order was paid, or is held for it, that a cancellation gives back. */
export const holdsMoney = ({ paymentStatus }: Pick<OrderState, 'paymentStatus'>): boolean =>
  paymentStatus === 'authorized' || paymentStatus === 'paid' || paymentStatus === 'partially_refunded'
