import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import { Timestamp } from '@comptoir/contracts/text'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listAccounts } from '../db/accounts.ts'

export const listUsers: Procedure<typeof identity.listUsers, Context> = async ({ ctx, input }) => {
  const { q, role, cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : placeOf(cursor)
  if (cursor !== undefined && after === undefined) throw ctx.fail('CURSOR_INVALID')
  const accounts = await listAccounts(ctx.db, { q, role, after, limit: limit + 1 })
  const items = accounts.slice(0, limit)
  const last = accounts.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.createdAt, last.id]) }
}

const placeOf = (cursor: string): { createdAt: Date; id: string } | undefined => {
  const [createdAt, id] = decodeCursor(cursor, 2) ?? []
  const [at, user] = [Timestamp.safeParse(createdAt), UserId.safeParse(id)]
  return at.success && user.success ? { createdAt: new Date(at.data), id: user.data } : undefined
}
