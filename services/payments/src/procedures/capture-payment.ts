import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import type { Operation } from '../db/operations.ts'
import { findPaymentOfOrder, lockPayment } from '../db/payments.ts'
import { paymentView, type PaymentRecord } from '../domain/payment.ts'
import { callProvider } from '../steps/call-provider.ts'
import { requestOperation } from '../steps/request-operation.ts'
import { settleOperation } from '../steps/settle-operation.ts'

type Contract = typeof payments.capturePayment
type CallContext = Context & Call<Contract>

export const capturePayment: Procedure<Contract, Context> = async ({ ctx, input }) => {
  const found = await findPaymentOfOrder(ctx.db, input.orderId)
  if (found === undefined) throw ctx.fail('PAYMENT_NOT_FOUND')
  const asked = await ctx.transaction(async (tx) => {
    const payment = await lockPayment(tx, found.id)
    if (isCaptured(payment)) return { payment }
    if (payment.status !== 'authorized' || payment.orderCancelled) throw ctx.fail('PAYMENT_NOT_CAPTURABLE')
    const { id: paymentId, amountMinor } = payment
    const wanted = { paymentId, name: 'capture', amountMinor, callsItself: true } as const
    return { payment, operation: await requestOperation({ ctx, tx }, wanted) }
  })
  if (isCaptured(asked.payment)) return paymentView(asked.payment)
  if (asked.operation === undefined) throw ctx.fail('PROVIDER_UNAVAILABLE')
  return paymentView(await capture(ctx, asked.payment, asked.operation))
}

const capture = async (
  ctx: CallContext,
  payment: PaymentRecord,
  operation: Operation,
): Promise<PaymentRecord> => {
  const outcome = await callProvider(ctx, operation, payment)
  const next = await ctx.transaction((tx) => settleOperation({ ctx, tx }, operation, outcome))
  if (isCaptured(next)) return next
  const isUndecided = outcome.kind === 'unknown' || outcome.kind === 'dead'
  throw ctx.fail(isUndecided ? 'PROVIDER_UNAVAILABLE' : 'PAYMENT_NOT_CAPTURABLE')
}

const isCaptured = ({ status }: PaymentRecord): boolean => status === 'captured' || status === 'refunded'
