import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Role } from '@comptoir/contracts/identity/staff'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { insertRevocation } from '../db/revocations.ts'
import { countRoles, findRole, lockRights, upsertRole } from '../db/roles.ts'
import { bumpRightsOfRole } from '../db/users.ts'
import { holdsAll, inOrder, isStandard, ownRolesMax } from '../domain/roles.ts'

export const saveRole: Procedure<typeof identity.saveRole, Context> = async ({ ctx, input }) => {
  const { role: name, version } = input
  if (isStandard(name)) throw ctx.fail('ROLE_STANDARD')
  return ctx.transaction(async (tx) => {
    await lockRights(tx)
    const known = await findRole(tx, name)
    const scopes = inOrder(input.scopes)
    if (!holdsAll(ctx.actor, [...scopes, ...(known?.scopes ?? [])])) throw ctx.fail('SCOPES_NOT_HELD')
    if (version !== undefined && version !== (known?.version ?? 0)) throw commonError('PRECONDITION_FAILED')
    if (known?.scopes.join() === scopes.join()) return known
    if (known === undefined && (await countRoles(tx)) >= ownRolesMax) throw ctx.fail('ROLES_FULL')
    const next: Role = { name, scopes, standard: false, version: (known?.version ?? 0) + 1 }
    const now = ctx.clock.now()
    await upsertRole(tx, next, now)
    for (const { id, rightsVersion } of await bumpRightsOfRole(tx, name, now))
      await insertRevocation(tx, { subject: id, session: null, rightsVersion })
    await audit(ctx, tx, { action: 'role.saved', target: name, facts: { scopes } })
    return next
  })
}
