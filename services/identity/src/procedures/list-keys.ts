import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listPublicKeys } from '../db/signing-keys.ts'

export const listKeys: Procedure<typeof identity.listKeys, Context> = async ({ ctx }) => ({
  keys: await listPublicKeys(ctx.db, ctx.clock.now()),
})
