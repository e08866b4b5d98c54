import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { deleteRole, findRole, isHeld, lockRights } from '../db/roles.ts'
import { isStandard } from '../domain/roles.ts'

/** Also for who does not hold the rights of the role: nobody holds it, so that nobody loses any. */
export const removeRole: Procedure<typeof identity.removeRole, Context> = async ({ ctx, input }) => {
  if (isStandard(input.role)) throw ctx.fail('ROLE_STANDARD')
  return ctx.transaction(async (tx) => {
    await lockRights(tx)
    if ((await findRole(tx, input.role)) === undefined) throw ctx.fail('ROLE_NOT_FOUND')
    if (await isHeld(tx, input.role)) throw ctx.fail('ROLE_HELD')
    await deleteRole(tx, input.role)
    await audit(ctx, tx, { action: 'role.removed', target: input.role })
    return null
  })
}
