import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { saveAccount } from '../db/accounts.ts'
import { lockChangeable } from '../lock-changeable.ts'

export const enableUser: Procedure<typeof identity.enableUser, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const account = await lockChangeable(ctx, tx, input.userId)
    if (account.disabledAt === null) return account
    const next = { ...account, disabledAt: null, version: account.version + 1 }
    await saveAccount(tx, next, ctx.clock.now())
    await audit(ctx, tx, { action: 'account.enabled', target: account.id })
    return next
  })
