import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockRefreshToken } from '../db/refresh-tokens.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { endSession } from '../sessions.ts'

/** Answers the same for a token that is unknown, used or revoked: what it asks for holds in each case. */
export const logout: Procedure<typeof identity.logout, Context> = async ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const token = await lockRefreshToken(tx, hashToken(input.refreshToken))
    if (token === undefined) return null
    await endSession(ctx, tx, token.familyId)
    if (token.subjectKind === 'user')
      await audit(ctx, tx, { action: 'session.ended', target: token.subjectId })
    return null
  })
