import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { ownScopes } from '../domain/delegation.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'

/** No refresh token: the client has its secret (RFC 6749, 4.4.3). */
export const grantToClient: Procedure<typeof identity.grantToClient, Context> = async ({ ctx, input }) => {
  const { id, scopes } = await ctx.transaction(async (tx) => {
    const client = await authenticateClient(ctx, tx, input.client)
    if (client === undefined) throw ctx.fail('CLIENT_INVALID')
    if (!client.actsForItself) throw ctx.fail('CLIENT_UNAUTHORIZED')
    const granted = ownScopes(client.scopes, input.scopes)
    if (granted === undefined) throw ctx.fail('SCOPE_INVALID')
    const actor = { kind: 'client' as const, id: client.id, scopes: [] }
    const facts = { by: 'secret', scopes: granted }
    await audit({ ...ctx, actor }, tx, { action: 'client.signed_in', target: client.id, facts })
    return { id: client.id, scopes: granted }
  })
  const about = { jti: ctx.ids.next(), now: ctx.clock.now() }
  const { token, expiresAt } = await ctx.accessTokens.issueToClient({ id, scopes }, about)
  return { accessToken: token, expiresAt: expiresAt.toISOString(), scopes, refreshToken: null }
}
