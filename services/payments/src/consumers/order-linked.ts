import type { orderLinked } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { givePayment } from '../db/payments.ts'

export const onOrderLinked: Handler<typeof orderLinked, Context> = async ({ tx, event }) => {
  const { orderId, ownerId } = event.data
  // Every order gets a payment; this one is still to come, perhaps as the guest's, and then the event comes again.
  if (!(await givePayment(tx, orderId, ownerId))) throw new Error('The order has no payment yet')
}
