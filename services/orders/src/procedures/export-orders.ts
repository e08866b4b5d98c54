import { occurred } from '@comptoir/contracts/event'
import { ordersExported } from '@comptoir/contracts/export-made'
import type { orders } from '@comptoir/contracts/orders/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { listOwnOrders } from '../db/list-orders.ts'
import { orderOf } from '../domain/order.ts'

const Position = z.tuple([z.iso.datetime(), z.uuid()])

/** Nobody's but the caller's own, also where the caller may read everybody's. */
export const exportOrders: Procedure<typeof orders.exportOrders, Context> = async ({ ctx, input }) => {
  const { cursor, limit = defaultLimit } = input
  const read = cursor === undefined ? undefined : Position.safeParse(decodeCursor(cursor, 2))
  if (read?.success === false) throw ctx.fail('CURSOR_INVALID')
  const after = read && { placedAt: read.data[0], id: read.data[1] }
  const found = await ctx.transaction(async (tx) => {
    const by = { kind: ctx.actor.kind, id: ctx.actor.id }
    const about = { aggregateId: ctx.operationId, version: 1, data: { by, orderId: null } }
    await ctx.emit(tx, [occurred(ordersExported, about)])
    return listOwnOrders(tx, ctx.actor, { after, limit: limit + 1 })
  })
  const items = found.slice(0, limit).map(orderOf)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.placedAt, last.id]) }
}
