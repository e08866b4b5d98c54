import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { hasOtherAdmin, saveAccount } from '../db/accounts.ts'
import { findRole } from '../db/roles.ts'
import { rightsOfRole } from '../domain/rights.ts'
import { holdsAll, isStandard } from '../domain/roles.ts'
import { lockChangeable } from '../lock-changeable.ts'

export const setUserRole: Procedure<typeof identity.setUserRole, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { userId, role } = input
    const account = await lockChangeable(ctx, tx, userId)
    const own = isStandard(role) ? null : await findRole(tx, role)
    if (own === undefined) throw ctx.fail('ROLE_NOT_FOUND')
    if (account.role === role) return account
    if (!holdsAll(ctx.actor, rightsOfRole(role, own?.scopes ?? null).scopes))
      throw ctx.fail('SCOPES_NOT_HELD')
    if (account.role === 'admin' && !(await hasOtherAdmin(tx, userId))) throw ctx.fail('LAST_ADMIN')
    const next = { ...account, role, version: account.version + 1 }
    await saveAccount(tx, next, ctx.clock.now())
    await changeRights(ctx, tx, userId)
    await audit(ctx, tx, { action: 'role.assigned', target: userId, facts: { role, before: account.role } })
    return next
  })
