import { seesAll } from '@comptoir/contracts/access'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findOwnPayment, findPaymentOfOrder } from '../db/payments.ts'
import { paymentView } from '../domain/payment.ts'

export const getPayment: Procedure<typeof payments.getPayment, Context> = async ({ ctx, input }) => {
  const payment = seesAll(ctx.actor, 'orders:read')
    ? await findPaymentOfOrder(ctx.db, input.orderId)
    : await findOwnPayment(ctx.db, input.orderId, ctx.actor.id)
  if (payment === undefined) throw ctx.fail('PAYMENT_NOT_FOUND')
  return paymentView(payment)
}
