import { ApiKeyId } from '@comptoir/contracts/identity/machine-model'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { selectApiKeys } from '../db/api-keys.ts'

export const listApiKeys: Procedure<typeof identity.listApiKeys, Context> = async ({ ctx, input }) => {
  const { cursor, limit = defaultLimit } = input
  const after = cursor === undefined ? undefined : ApiKeyId.safeParse(decodeCursor(cursor, 1)?.[0])
  if (after?.success === false) throw ctx.fail('CURSOR_INVALID')
  const rows = await selectApiKeys(ctx.db, { after: after?.data, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]) }
}
