import type { Introspection } from '@comptoir/contracts/identity/oauth'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'
import { findToken, type FoundToken } from '../oauth/find-token.ts'

/** For clients with a secret, about their own tokens: anybody could ask in the name of a public one. */
export const introspectToken: Procedure<typeof identity.introspectToken, Context> = async ({
  ctx,
  input,
}) => {
  const outcome = await ctx.transaction(async (tx) => {
    const client = await authenticateClient(ctx, tx, input.client)
    if (client === undefined || client.secretHash === null) return 'refused'
    return findToken(ctx, tx, { client, token: input.token })
  })
  if (outcome === 'refused') throw ctx.fail('CLIENT_INVALID')
  return outcome === undefined ? null : told(outcome, ctx.accessTokens.issuer)
}

const told = (found: FoundToken, issuer: string): Introspection => {
  if (found.kind === 'refresh') {
    const { holder, session } = found.acting
    return {
      kind: 'refresh',
      subject: holder.id,
      subjectKind: holder.kind,
      scopes: session.scopes ?? [],
      issuer,

      issuedAt: found.token.createdAt.toISOString(),
      expiresAt: found.token.expiresAt.toISOString(),
    }
  }
  const { sub, kind, scopes, iat, exp } = found.claims
  return {
    kind: 'access',
    subject: sub,
    subjectKind: kind,
    scopes,
    issuer,
    issuedAt: new Date(iat * 1_000).toISOString(),
    expiresAt: new Date(exp * 1_000).toISOString(),
  }
}
