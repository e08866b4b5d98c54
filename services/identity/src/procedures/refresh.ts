import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { lockRefreshToken, markUsed, type RefreshToken, revokeFamily } from '../db/refresh-tokens.ts'
import { findUser } from '../db/users.ts'
import { judgeRefresh } from '../domain/session.ts'
import type { Subject } from '../security/access-tokens.ts'
import { hashToken, openSession } from '../sessions.ts'

export const refresh: Procedure<typeof identity.refresh, Context> = async ({ ctx, input }) => {
  const session = await ctx.transaction(async (tx) => {
    const token = await lockRefreshToken(tx, hashToken(input.refreshToken))
    if (token === undefined) return undefined
    const now = ctx.clock.now()
    const verdict = judgeRefresh(token, now)
    if (verdict === 'revoke-family') {
      await revokeFamily(tx, token.familyId, now)
      ctx.log.warn('A refresh token was used twice; its family is revoked', { familyId: token.familyId })
    }
    const subject = verdict === 'rotate' ? await subjectOf(tx, token) : undefined
    if (subject === undefined) return undefined
    await markUsed(tx, token.id, now)
    return openSession(ctx, tx, { subject, parent: token })
  })
  // Refused out here: thrown inside, it would undo the revocation.
  if (session === undefined) throw ctx.fail('REFRESH_TOKEN_INVALID')
  return session
}

/** Whom the token speaks for, with the role they have now rather than the one they signed in with. */
const subjectOf = async (tx: Transaction, token: RefreshToken): Promise<Subject | undefined> => {
  if (token.subjectKind === 'guest') return { id: token.subjectId, kind: 'guest' }
  const user = await findUser(tx, UserId.parse(token.subjectId))
  return user && { id: user.id, kind: user.role }
}
