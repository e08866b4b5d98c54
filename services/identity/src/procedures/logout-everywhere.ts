import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockUser } from '../db/users.ts'
import { endSessionsOf } from '../end-sessions.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'

export const logoutEverywhere: Procedure<typeof identity.logoutEverywhere, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    refuseThirdParties(ctx.actor)
    const id = UserId.parse(ctx.actor.id)
    // So that no consent is given meanwhile.
    await lockUser(tx, id)
    const sessions = await endSessionsOf(ctx, tx, { subjectId: id })
    await audit(ctx, tx, { action: 'session.ended', target: id, facts: { sessions } })
    return null
  })
