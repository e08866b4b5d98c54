import { seesAll } from '@comptoir/contracts/access'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findPaymentOfOrder } from '../db/payments.ts'
import { paymentView } from '../domain/payment.ts'

export const getPayment: Procedure<typeof payments.getPayment, Context> = async ({ ctx, input }) => {
  const ownerId = seesAll(ctx.actor, 'orders:read') ? undefined : ctx.actor.id
  const payment = await findPaymentOfOrder(ctx.db, input.orderId, ownerId)
  if (payment === undefined) throw ctx.fail('PAYMENT_NOT_FOUND')
  return paymentView(payment)
}
