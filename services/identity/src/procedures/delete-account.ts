import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { eraseUser } from '../db/erase-user.ts'
import { erasure } from '../domain/user.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { forgetTries } from '../login-tries.ts'
import { forgetProofs } from '../proof-tries.ts'
import { demandStanding } from '../standing.ts'

export const deleteAccount: Procedure<typeof identity.deleteAccount, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const { id: userId } = user
    if (user.role !== 'customer') throw ctx.fail('RIGHTS_HELD')
    const at = ctx.clock.now()
    const version = user.version + 1
    await endSessionsOf(ctx, tx, { subjectId: userId })
    await changeRights(ctx, tx, userId)
    await forgetTries(tx, user.email)
    await forgetProofs(tx, { id: userId })
    await eraseUser(tx, { id: userId, version, at })
    await ctx.emit(tx, [erasure(userId, version)])
    await audit(ctx, tx, { action: 'account.erased', target: userId })
    return null
  })
