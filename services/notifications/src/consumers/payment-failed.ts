import type { paymentFailed } from '@comptoir/contracts/payments/events'
import { AMOUNT_MISMATCH } from '@comptoir/contracts/payments/model'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

export const onPaymentFailed: Handler<typeof paymentFailed, Context> = async ({ ctx, tx, event }) => {
  const { settlesCancelled, failure, contact, orderId, orderNumber, amount } = event.data
  // Nobody should be asked to pay again for an order that is cancelled, or where no card was declined.
  if (settlesCancelled || failure === AMOUNT_MISMATCH) return
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact,
    orderId,
    payload: { template: plan.template, payment: { number: orderNumber, amount } },
  })
}
