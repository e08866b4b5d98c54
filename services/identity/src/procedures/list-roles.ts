import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listOwnRoles } from '../db/roles.ts'
import { standardRoles } from '../domain/roles.ts'

export const listRoles: Procedure<typeof identity.listRoles, Context> = async ({ ctx }) => ({
  items: [...standardRoles, ...(await listOwnRoles(ctx.db))],
})
