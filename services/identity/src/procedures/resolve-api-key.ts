import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findApiKey } from '../db/api-keys.ts'

export const resolveApiKey: Procedure<typeof identity.resolveApiKey, Context> = async ({ ctx, input }) => {
  const now = ctx.clock.now()
  const key = await findApiKey(ctx.db, input.keyHash, now)
  if (key === undefined) return null
  ctx.uses.note(key.id, now)
  return key
}
