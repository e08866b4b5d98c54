import type { identity } from '@comptoir/contracts/identity/procedures'
import type { OAuthTokens } from '@comptoir/contracts/identity/oauth'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/api-clients.ts'
import { type AuthorizationCode, lockCode, markCodeUsed } from '../db/authorization-codes.ts'
import { findHolder } from '../db/holders.ts'
import { delegatedScopes } from '../domain/delegation.ts'
import { rightsIn } from '../domain/rights.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'
import { openDelegatedSession } from '../oauth/delegated-session.ts'
import { fitsChallenge } from '../security/code-challenge.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { endSession } from '../sessions.ts'

type Refusal = 'CLIENT_INVALID' | 'GRANT_INVALID' | 'SCOPE_INVALID'

export const redeemCode: Procedure<typeof identity.redeemCode, Context> = async ({ ctx, input }) => {
  const outcome = await ctx.transaction(async (tx): Promise<Refusal | OAuthTokens> => {
    const client = await authenticateClient(ctx, tx, input.client)
    if (client === undefined) return 'CLIENT_INVALID'
    const code = await lockCode(tx, hashToken(input.code))
    if (code === undefined) return 'GRANT_INVALID'
    if (code.usedAt !== null) {
      await endReplayed(ctx, tx, code)
      return 'GRANT_INVALID'
    }
    const isTheirs =
      code.clientId === client.id &&
      code.redirectUri === input.redirectUri &&
      code.expiresAt > ctx.clock.now() &&
      fitsChallenge(input.codeVerifier, code.codeChallenge)
    return isTheirs ? redeem(ctx, tx, { client, code }) : 'GRANT_INVALID'
  })
  // Refused out here: thrown inside, it would undo the revocation.
  if (typeof outcome === 'string') throw ctx.fail(outcome)
  return outcome
}

const redeem = async (
  ctx: Context,
  tx: Transaction,
  { client, code }: { client: Client; code: AuthorizationCode },
): Promise<Refusal | OAuthTokens> => {
  const holder = await findHolder(tx, code.userId)
  if (holder === undefined) return 'GRANT_INVALID'
  const has = rightsIn(code, holder, ctx.staffSecondFactor)
  const scopes = delegatedScopes(code.scopes, client.scopes, has)
  if (scopes.length === 0) return 'SCOPE_INVALID'
  const { sessionId, tokens } = await openDelegatedSession(ctx, tx, { code, holder, scopes })
  await markCodeUsed(tx, code.codeHash, { usedAt: ctx.clock.now(), sessionId })
  await audit(asClient(ctx, client.id), tx, {
    action: 'session.opened',
    target: holder.id,
    facts: { by: 'code', scopes },
  })
  return tokens
}

/** Two parties hold the code, and nobody can tell which of them is the thief (RFC 6749, 4.1.2). */
const endReplayed = async (ctx: Context, tx: Transaction, code: AuthorizationCode): Promise<void> => {
  if (code.sessionId !== null) await endSession(ctx, tx, code.sessionId)
  await audit(asClient(ctx, code.clientId), tx, { action: 'session.replayed', target: code.userId })
}

const asClient = (ctx: Context, id: string) => ({
  ...ctx,
  actor: { kind: 'client' as const, id, scopes: [] },
})
