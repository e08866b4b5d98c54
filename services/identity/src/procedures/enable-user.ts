import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockAccount, saveAccount } from '../db/accounts.ts'
import { lockRights } from '../db/roles.ts'
import { holdsAll } from '../domain/roles.ts'

export const enableUser: Procedure<typeof identity.enableUser, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    await lockRights(tx)
    const known = await lockAccount(tx, input.userId)
    if (known === undefined) throw ctx.fail('USER_NOT_FOUND')
    const { account, scopes } = known
    if (!holdsAll(ctx.actor, scopes)) throw ctx.fail('SCOPES_NOT_HELD')
    if (account.disabledAt === null) return account
    const next = { ...account, disabledAt: null, version: account.version + 1 }
    await saveAccount(tx, next, ctx.clock.now())
    await audit(ctx, tx, { action: 'account.enabled', target: account.id })
    return next
  })
