import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { insertRevocation } from '../db/revocations.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'
import { findToken } from '../oauth/find-token.ts'
import { endSession } from '../sessions.ts'

/** Answers the same for a token that is none, or another's: what it asks for holds, or is not its business. */
export const revokeToken: Procedure<typeof identity.revokeToken, Context> = async ({ ctx, input }) => {
  const isKnown = await ctx.transaction(async (tx) => {
    const client = await authenticateClient(ctx, tx, input.client)
    if (client === undefined) return false
    const found = await findToken(ctx, tx, { client, token: input.token })
    if (found === undefined) return true
    if (found.acting === undefined) {
      // A token that belongs to no session is one by itself.
      if (found.kind === 'access')
        await insertRevocation(tx, { subject: client.id, session: found.claims.jti, rightsVersion: null })
      return true
    }
    // Either token ends the whole grant (RFC 7009, 2.1).
    await endSession(ctx, tx, found.acting.session.id)
    const actor = { kind: 'client' as const, id: client.id, scopes: [] }
    await audit({ ...ctx, actor }, tx, { action: 'session.ended', target: found.acting.holder.id })
    return true
  })
  if (!isKnown) throw ctx.fail('CLIENT_INVALID')
  return null
}
