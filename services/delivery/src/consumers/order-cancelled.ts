import type { orderCancelled } from '@comptoir/contracts/orders/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { cancelForOrder } from '../shipping/cancel-for-order.ts'

export const onOrderCancelled: Handler<typeof orderCancelled, Context> = async ({ ctx, tx, event }) => {
  const { id, number } = event.data
  if (await cancelForOrder(ctx, tx, id)) return
  ctx.log.warn('A cancelled order has already left', { orderId: id, orderNumber: number })
}
