import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { lockUser, saveProfile } from '../db/users.ts'
import { update, withProfile } from '../domain/user.ts'

export const updateMe: Procedure<typeof identity.updateMe, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { version, ...profile } = input
    const user = await lockUser(tx, UserId.parse(ctx.actor.id))
    if (user === undefined) throw commonError('UNAUTHENTICATED')
    if (version !== undefined && version !== user.version) throw commonError('PRECONDITION_FAILED')
    const next = withProfile(user, profile)
    if (next.version === user.version) return user
    await saveProfile(tx, next, ctx.clock.now())
    await ctx.emit(tx, [update(next)])
    return next
  })
