import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listAddresses as list } from '../db/addresses.ts'

export const listAddresses: Procedure<typeof identity.listAddresses, Context> = async ({ ctx }) => ({
  items: await list(ctx.db, UserId.parse(ctx.actor.id)),
})
