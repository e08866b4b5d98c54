import type { paymentRefunded } from '@comptoir/contracts/payments/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

export const onPaymentRefunded: Handler<typeof paymentRefunded, Context> = async ({ ctx, tx, event }) => {
  const { contact, orderId, orderNumber, refunded } = event.data
  // An order that cost nothing is refunded too, which is nothing to tell.
  if (refunded.amountMinor === 0) return
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact,
    orderId,
    payload: { template: plan.template, payment: { number: orderNumber, amount: refunded } },
  })
}
