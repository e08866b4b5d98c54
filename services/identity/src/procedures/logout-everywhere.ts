import { commonError } from '@comptoir/contracts/errors'
import { occurred } from '@comptoir/contracts/event'
import { signedOutEverywhere } from '@comptoir/contracts/identity/events'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockUser, nextVersion } from '../db/users.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'
import { remainingWays } from '../remaining-ways.ts'

/** Whoever wants everybody out is told by letter where somebody can still come in; where nobody can, that is all there is. */
export const logoutEverywhere: Procedure<typeof identity.logoutEverywhere, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    refuseThirdParties(ctx.actor)
    // Locked, so that no consent is given meanwhile.
    const user = await lockUser(tx, UserId.parse(ctx.actor.id))
    if (user === undefined) throw commonError('UNAUTHENTICATED')
    const { id: userId, email, name, locale } = user
    const sessions = await endSessionsOf(ctx, tx, { subjectId: userId })
    const remaining = await remainingWays(ctx, tx, userId)
    // A repetition ends nothing, so it tells nothing.
    if (sessions > 0 && remaining.providers.length + remaining.machines.length > 0) {
      const version = await nextVersion(tx, userId, ctx.clock.now())
      const data = { userId, email, name, locale, ...remaining }
      await ctx.emit(tx, [occurred(signedOutEverywhere, { aggregateId: userId, version, data })])
    }
    await audit(ctx, tx, { action: 'session.ended', target: userId, facts: { sessions } })
    return null
  })
