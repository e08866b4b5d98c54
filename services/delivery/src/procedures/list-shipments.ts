import { seesAll } from '@comptoir/contracts/access'
import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findByOrder } from '../db/shipments.ts'
import { present } from '../shipping/present.ts'

/** An order without a shipment, an unknown one and somebody else’s look the same. */
export const listShipments: Procedure<typeof delivery.listShipments, Context> = async ({ ctx, input }) => {
  const ownerId = seesAll(ctx.actor, 'orders:read') ? undefined : ctx.actor.id
  const found = await findByOrder(ctx.db, input.orderId, ownerId)
  return { items: await Promise.all(found.map((shipment) => present(ctx.db, shipment))) }
}
