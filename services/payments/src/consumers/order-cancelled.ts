import type { orderCancelled } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { markOrderCancelled } from '../steps/apply-snapshot.ts'
import { openPayment } from '../steps/open-payment.ts'

/** An order that was cancelled before it was heard of gets its payment too, so that nothing can open it later. */
export const onOrderCancelled: Handler<typeof orderCancelled, Context> = async ({ ctx, tx, event }) => {
  const payment = await openPayment({ ctx, tx }, event.data)
  await markOrderCancelled({ ctx, tx }, payment.id)
}
