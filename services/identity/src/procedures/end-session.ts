import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { isOpenSession } from '../db/open-sessions.ts'
import { endSession as end } from '../sessions.ts'

export const endSession: Procedure<typeof identity.endSession, Context> = ({
  ctx,
  input: { sessionId: id },
}) =>
  ctx.transaction(async (tx) => {
    const subjectId = ctx.actor.id
    if (!(await isOpenSession(tx, { id, subjectId, now: ctx.clock.now() })))
      throw ctx.fail('SESSION_NOT_FOUND')
    await end(ctx, tx, id)
    await audit(ctx, tx, { action: 'session.ended', target: subjectId, facts: { session: id } })
    return null
  })
