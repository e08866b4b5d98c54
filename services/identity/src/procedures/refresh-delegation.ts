import type { identity } from '@comptoir/contracts/identity/procedures'
import type { OAuthTokens } from '@comptoir/contracts/identity/oauth'
import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/api-clients.ts'
import { findHolder } from '../db/holders.ts'
import { lockRefreshToken, markUsed, type RefreshToken } from '../db/refresh-tokens.ts'
import { findSession, type StoredSession } from '../db/sessions.ts'
import { askableScopes, delegatedScopes } from '../domain/delegation.ts'
import { rightsIn } from '../domain/rights.ts'
import { judgeRefresh } from '../domain/session.ts'
import { authenticateClient } from '../oauth/authenticate-client.ts'
import { tokensOf } from '../oauth/delegated-session.ts'
import { hashToken } from '../security/secret-tokens.ts'
import { continueSession, endSession } from '../sessions.ts'

type Refusal = 'CLIENT_INVALID' | 'GRANT_INVALID' | 'SCOPE_INVALID'

export const refreshDelegation: Procedure<typeof identity.refreshDelegation, Context> = async ({
  ctx,
  input,
}) => {
  const outcome = await ctx.transaction(async (tx): Promise<Refusal | OAuthTokens> => {
    const client = await authenticateClient(ctx, tx, input.client)
    if (client === undefined) return 'CLIENT_INVALID'
    const token = await lockRefreshToken(tx, hashToken(input.refreshToken))
    const session = token && (await findSession(tx, token.familyId))
    if (token === undefined || session?.clientId !== client.id) return 'GRANT_INVALID'
    const verdict = judgeRefresh(token, ctx.clock.now())
    if (verdict === 'revoke-family') await endReplayed(ctx, tx, session)
    return verdict === 'rotate' && session.endedAt === null
      ? rotate(ctx, tx, { client, token, session, asked: input.scopes })
      : 'GRANT_INVALID'
  })
  // Refused out here: thrown inside, it would undo the revocation.
  if (typeof outcome === 'string') throw ctx.fail(outcome)
  return outcome
}

interface Rotation {
  readonly client: Client
  readonly token: RefreshToken
  readonly session: StoredSession
  /** Null: all that was given (RFC 6749, 6). */
  readonly asked: readonly string[] | null
}

/** With the rights that the person and the client have now rather than those they had when the person consented. */
const rotate = async (
  ctx: Context,
  tx: Transaction,
  { client, token, session, asked }: Rotation,
): Promise<Refusal | OAuthTokens> => {
  const holder = await findHolder(tx, UserId.parse(session.subjectId))
  if (holder === undefined) return 'GRANT_INVALID'
  const wanted = askableScopes(session.scopes ?? [], asked)
  const scopes =
    wanted && delegatedScopes(wanted, client.scopes, rightsIn(session, holder, ctx.staffSecondFactor))
  if (scopes === undefined || scopes.length === 0) return 'SCOPE_INVALID'
  if (!(await markUsed(tx, token.id, ctx.clock.now()))) return 'GRANT_INVALID'
  const narrowed = { session, holder: { ...holder, scopes }, parent: token }
  return tokensOf(await continueSession(ctx, tx, narrowed), scopes)
}

const endReplayed = async (ctx: Context, tx: Transaction, session: StoredSession): Promise<void> => {
  await endSession(ctx, tx, session.id)
  const actor = { kind: 'client' as const, id: session.clientId ?? '', scopes: [] }
  await audit({ ...ctx, actor }, tx, { action: 'session.replayed', target: session.subjectId })
  ctx.log.warn('A client’s refresh token was used twice; its family is revoked', { familyId: session.id })
}
