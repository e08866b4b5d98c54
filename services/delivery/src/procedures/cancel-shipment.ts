import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { cancelForOrder } from '../shipping/cancel-for-order.ts'

export const cancelShipment: Procedure<typeof delivery.cancelShipment, Context> = async ({ ctx, input }) => ({
  cancelled: await ctx.transaction((tx) => cancelForOrder(ctx, tx, input.orderId)),
})
