import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolderOf } from '../db/holders.ts'
import { lockRefreshToken, markUsed } from '../db/refresh-tokens.ts'
import { findSession } from '../db/sessions.ts'
import { judgeRefresh } from '../domain/session.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { continueSession, endSession } from '../sessions.ts'

export const refresh: Procedure<typeof identity.refresh, Context> = async ({ ctx, input }) => {
  const session = await ctx.transaction(async (tx) => {
    const token = await lockRefreshToken(tx, hashToken(input.refreshToken))
    if (token === undefined) return undefined
    const now = ctx.clock.now()
    const verdict = judgeRefresh(token, now)
    if (verdict === 'revoke-family') {
      await endSession(ctx, tx, token.familyId)
      if (token.subjectKind === 'user')
        await audit(ctx, tx, { action: 'session.replayed', target: token.subjectId })
      ctx.log.warn('A refresh token was used twice; its family is revoked', { familyId: token.familyId })
    }
    const session = verdict === 'rotate' ? await findSession(tx, token.familyId) : undefined
    // Its tokens end with a session, but one may have been given out at the very moment.
    if (session === undefined || session.endedAt !== null) return undefined
    // A third party's token is no person's, who has all their rights: it is exchanged where its client is known.
    if (session.clientId !== null) return undefined
    const holder = await findHolderOf(tx, session)
    if (holder === undefined) return undefined
    if (!(await markUsed(tx, token.id, now))) return undefined
    return continueSession(ctx, tx, { session, holder, parent: token })
  })
  // Refused out here: thrown inside, it would undo the revocation.
  if (session === undefined) throw ctx.fail('REFRESH_TOKEN_INVALID')
  return session
}
