import type { OrderStatus } from '@comptoir/contracts/orders/model'
import type { orderLinked } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { giveShipment, isOrderCancelled, lockOrder } from '../db/shipments.ts'

/** What a linked order was when its confirmation had been told already, perhaps as the guest's, and may still be to come. */
const confirmed: readonly OrderStatus[] = ['confirmed', 'prepared', 'shipped', 'delivered']

/** The confirmation of an order that is linked before tells the new owner itself. */
export const onOrderLinked: Handler<typeof orderLinked, Context> = async ({ tx, event }) => {
  const { orderId, ownerId, status } = event.data
  await lockOrder(tx, orderId)
  if (await giveShipment(tx, orderId, ownerId)) return
  if (!confirmed.includes(status) || (await isOrderCancelled(tx, orderId))) return
  throw new Error('The order has no shipment yet')
}
