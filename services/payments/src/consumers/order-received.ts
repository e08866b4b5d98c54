import type { orderReceived } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { openPayment } from '../steps/open-payment.ts'

export const onOrderReceived: Handler<typeof orderReceived, Context> = async ({ ctx, tx, event }) => {
  await openPayment({ ctx, tx }, event.data)
}
