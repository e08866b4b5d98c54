import type { Scope } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import type { OAuthTokens } from '@comptoir/contracts/identity/oauth'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import type { AuthorizationCode } from '../db/authorization-codes.ts'
import { insertSession, type StoredSession } from '../db/sessions.ts'
import type { Holder } from '../domain/rights.ts'
import { refreshTokenMs } from '../domain/session.ts'
import { issueTokens } from '../sessions.ts'

/** Opens the session in which a client acts for the person who consented, with these rights of theirs. */
export const openDelegatedSession = async (
  ctx: Context,
  tx: Transaction,
  { code, holder, scopes }: { code: AuthorizationCode; holder: Holder; scopes: Scope[] },
): Promise<{ sessionId: string; tokens: OAuthTokens }> => {
  const now = ctx.clock.now()
  const session: StoredSession = {
    id: ctx.ids.next(),
    subjectKind: 'user',
    subjectId: holder.id,
    createdAt: now,
    provedAt: code.provedAt,
    secondFactor: code.secondFactor,
    clientId: code.clientId,
    scopes: code.scopes,
    expiresAt: new Date(now.getTime() + refreshTokenMs),
    endedAt: null,
  }
  await insertSession(tx, session)
  const issued = await issueTokens(ctx, tx, { session, holder: { ...holder, scopes } })
  return { sessionId: session.id, tokens: tokensOf(issued, scopes) }
}

export const tokensOf = (issued: Session, scopes: Scope[]): OAuthTokens => ({
  accessToken: issued.accessToken,
  expiresAt: issued.accessTokenExpiresAt,
  scopes,
  refreshToken: issued.refreshToken,
})
