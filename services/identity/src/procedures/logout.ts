import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { lockRefreshToken, revokeFamily } from '../db/refresh-tokens.ts'
import { hashToken } from '../sessions.ts'

/** Answers the same for a token that is unknown, used or revoked: what it asks for holds in each case. */
export const logout: Procedure<typeof identity.logout, Context> = async ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const token = await lockRefreshToken(tx, hashToken(input.refreshToken))
    if (token !== undefined) await revokeFamily(tx, token.familyId, ctx.clock.now())
    return null
  })
