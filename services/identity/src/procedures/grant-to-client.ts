import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { ownScopes } from '../domain/delegation.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'

/** No refresh token: the client has its secret (RFC 6749, 4.4.3). */
export const grantToClient: Procedure<typeof identity.grantToClient, Context> = async ({ ctx, input }) => {
  const client = await ctx.transaction((tx) => authenticateClient(ctx, tx, input.client))
  if (client === undefined) throw ctx.fail('CLIENT_INVALID')
  if (!client.actsForItself) throw ctx.fail('CLIENT_UNAUTHORIZED')
  const scopes = ownScopes(client.scopes, input.scopes)
  if (scopes === undefined) throw ctx.fail('SCOPE_INVALID')
  const about = { jti: ctx.ids.next(), now: ctx.clock.now() }
  const { token, expiresAt } = await ctx.accessTokens.issueToClient({ id: client.id, scopes }, about)
  return { accessToken: token, expiresAt: expiresAt.toISOString(), scopes, refreshToken: null }
}
