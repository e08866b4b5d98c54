import type { orders } from '@comptoir/contracts/orders/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { listSummaries } from '../db/list-orders.ts'

export const listOrders: Procedure<typeof orders.listOrders, Context> = async ({ ctx, input }) => {
  const before = input.cursor === undefined ? undefined : readCursor(input.cursor)
  if (before === null) throw ctx.fail('CURSOR_INVALID')
  const limit = input.limit ?? defaultLimit
  const found = await listSummaries(ctx.db, {
    actor: ctx.actor,
    status: input.status,
    placedAfter: input.placedAfter,
    placedBefore: input.placedBefore,
    number: input.q?.trim().toUpperCase(),
    before,
    limit: limit + 1,
  })
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.placedAt, last.id]) }
}

const Position = z.tuple([z.iso.datetime(), z.uuid()])

const readCursor = (cursor: string): { placedAt: string; id: string } | null => {
  const { data } = Position.safeParse(decodeCursor(cursor, 2))
  return data === undefined ? null : { placedAt: data[0], id: data[1] }
}
