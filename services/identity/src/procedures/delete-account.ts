import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { lockAccount } from '../db/accounts.ts'
import { eraseUser } from '../db/erase-user.ts'
import { erasure } from '../domain/user.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { forgetTries } from '../login-tries.ts'
import { forgetProofs } from '../proof-tries.ts'
import { refuseOver } from '../standing.ts'

export const deleteAccount: Procedure<typeof identity.deleteAccount, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const userId = UserId.parse(ctx.actor.id)
    const known = await lockAccount(tx, userId)
    if (known === undefined) throw commonError('UNAUTHENTICATED')
    await refuseOver(ctx, tx)
    const { account } = known
    if (account.role !== 'customer') throw ctx.fail('RIGHTS_HELD')
    const at = ctx.clock.now()
    const version = account.version + 1
    await endSessionsOf(ctx, tx, { subjectId: userId })
    await changeRights(ctx, tx, userId)
    await forgetTries(tx, account.email)
    await forgetProofs(tx, { id: userId })
    await eraseUser(tx, { id: userId, version, at })
    await ctx.emit(tx, [erasure(userId, version)])
    await audit(ctx, tx, { action: 'account.erased', target: userId })
    return null
  })
