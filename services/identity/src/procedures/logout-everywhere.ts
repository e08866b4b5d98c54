import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { endSessionsOf } from '../end-sessions.ts'

export const logoutEverywhere: Procedure<typeof identity.logoutEverywhere, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const { id } = ctx.actor
    const sessions = await endSessionsOf(ctx, tx, { subjectId: id })
    await audit(ctx, tx, { action: 'session.ended', target: id, facts: { sessions } })
    return null
  })
