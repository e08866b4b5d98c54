import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { saveProfile } from '../db/users.ts'
import { update, withProfile } from '../domain/user.ts'
import { demandStanding } from '../standing.ts'

export const updateMe: Procedure<typeof identity.updateMe, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { version, ...profile } = input
    const user = await demandStanding(ctx, tx)
    if (version !== undefined && version !== user.version) throw commonError('PRECONDITION_FAILED')
    const next = withProfile(user, profile)
    if (next.version === user.version) return user
    await saveProfile(tx, next, ctx.clock.now())
    await ctx.emit(tx, [update(next)])
    return next
  })
