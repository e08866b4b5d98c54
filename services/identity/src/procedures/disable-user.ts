import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { hasOtherAdmin, saveAccount } from '../db/accounts.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { lockChangeable } from '../lock-changeable.ts'

export const disableUser: Procedure<typeof identity.disableUser, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { userId } = input
    const account = await lockChangeable(ctx, tx, userId)
    if (account.disabledAt !== null) return account
    if (account.role === 'admin' && !(await hasOtherAdmin(tx, userId))) throw ctx.fail('LAST_ADMIN')
    const now = ctx.clock.now()
    const next = { ...account, disabledAt: now.toISOString(), version: account.version + 1 }
    await saveAccount(tx, next, now)
    await endSessionsOf(ctx, tx, { subjectId: userId })
    await changeRights(ctx, tx, userId)
    await audit(ctx, tx, { action: 'account.disabled', target: userId })
    return next
  })
