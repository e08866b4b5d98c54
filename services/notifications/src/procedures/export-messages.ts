import { occurred } from '@comptoir/contracts/event'
import { messagesExported } from '@comptoir/contracts/export-made'
import { MessageId, type OrderId, UserId } from '@comptoir/contracts/ids'
import type { notifications } from '@comptoir/contracts/notifications/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Call } from '@comptoir/service-kit/context'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listKeptMessages } from '../db/kept-messages.ts'

type Contract = typeof notifications.exportMessages

export const exportMessages: Procedure<Contract, Context> = async ({ ctx, input }) => {
  const { orderId, cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : MessageId.safeParse(decodeCursor(cursor, 1)?.[0])
  if (after?.success === false) throw ctx.fail('CURSOR_INVALID')
  if (orderId !== undefined) await demandOwn(ctx, orderId)
  const about = orderId === undefined ? { userId: UserId.parse(ctx.actor.id) } : { orderId }
  const rows = await ctx.transaction(async (tx) => {
    const by = { kind: ctx.actor.kind, id: ctx.actor.id }
    const exported = { aggregateId: ctx.operationId, version: 1, data: { by, orderId: orderId ?? null } }
    await ctx.emit(tx, [occurred(messagesExported, exported)])
    return listKeptMessages(tx, about, { after: after?.data, limit: limit + 1 })
  })
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]) }
}

/** Whose an order is orders alone knows, and it alone is asked; somebody else's does not exist. */
const demandOwn = async (ctx: Context & Call<Contract>, orderId: OrderId): Promise<void> => {
  const { owner } = await ctx.orders.getSnapshot({ orderId }, { actor: ctx.actor })
  if (owner.kind !== 'customer' || owner.id !== ctx.actor.id) throw ctx.fail('ORDER_NOT_FOUND')
}
