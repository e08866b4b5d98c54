import { MessageId } from '@comptoir/contracts/ids'
import type { notifications } from '@comptoir/contracts/notifications/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listMessages as select } from '../db/messages.ts'

export const listMessages: Procedure<typeof notifications.listMessages, Context> = async ({ ctx, input }) => {
  const { orderId, state, cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : MessageId.safeParse(decodeCursor(cursor, 1)?.[0])
  if (after?.success === false) throw ctx.fail('CURSOR_INVALID')
  const rows = await select(ctx.db, { orderId, state, after: after?.data, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]) }
}
