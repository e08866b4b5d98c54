import type { delivery } from '@comptoir/contracts/delivery/procedures'
import { occurred } from '@comptoir/contracts/event'
import { shipmentsExported } from '@comptoir/contracts/export-made'
import { ShipmentId } from '@comptoir/contracts/ids'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listShipmentsOf } from '../db/shipments.ts'
import { present } from '../shipping/present.ts'

/** Nobody's but the caller's own, also where the caller may read everybody's. */
export const exportShipments: Procedure<typeof delivery.exportShipments, Context> = async ({
  ctx,
  input,
}) => {
  const { cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : ShipmentId.safeParse(decodeCursor(cursor, 1)?.[0])
  if (after?.success === false) throw ctx.fail('CURSOR_INVALID')
  const found = await ctx.transaction(async (tx) => {
    const by = { kind: ctx.actor.kind, id: ctx.actor.id }
    const about = { aggregateId: ctx.operationId, version: 1, data: { by, orderId: null } }
    await ctx.emit(tx, [occurred(shipmentsExported, about)])
    return listShipmentsOf(tx, ctx.actor.id, { after: after?.data, limit: limit + 1 })
  })
  const items = await Promise.all(
    found.slice(0, limit).map(async (shipment) => {
      const { option, lines, contact, address } = shipment
      return { ...(await present(ctx.db, shipment)), option, lines, contact, address }
    }),
  )
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]) }
}
