import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import type { Client } from '../db/api-clients.ts'
import { findHolder } from '../db/holders.ts'
import { lockRefreshToken, type RefreshToken } from '../db/refresh-tokens.ts'
import { isRevoked } from '../db/revocations.ts'
import { findSession, type StoredSession } from '../db/sessions.ts'
import { listPublicKeys } from '../db/signing-keys.ts'
import type { Holder } from '../domain/rights.ts'
import { readAccessToken, type ReadToken } from '../security/read-access-token.ts'
import { hashToken } from '../security/secret-tokens.ts'

/** A token of a client that is good for something still, and who it acts for; itself where there is no `acting`. */
export type FoundToken = { readonly acting: Acting | undefined } & (
  | { readonly kind: 'access'; readonly claims: ReadToken }
  | { readonly kind: 'refresh'; readonly token: RefreshToken; readonly acting: Acting }
)

interface Acting {
  readonly session: StoredSession
  readonly holder: Holder
}

/** Undefined for another's token as for one that is none: nobody learns what others hold. */
export const findToken = async (
  ctx: Context,
  tx: Transaction,
  { client, token }: { client: Client; token: string },
): Promise<FoundToken | undefined> => {
  const refresh = await lockRefreshToken(tx, hashToken(token))
  if (refresh !== undefined) {
    const acting = await actingIn(tx, client, refresh.familyId)
    const isGood =
      refresh.usedAt === null && refresh.revokedAt === null && refresh.expiresAt > ctx.clock.now()
    return acting !== undefined && isGood ? { kind: 'refresh', token: refresh, acting } : undefined
  }
  const about = { issuer: ctx.accessTokens.issuer, now: ctx.clock.now() }
  const claims = await readAccessToken(token, await listPublicKeys(tx, about.now), about)
  if (claims === undefined || claims.client_id !== client.id) return undefined
  if (claims.sid === undefined)
    return (await isRevoked(tx, claims.jti)) ? undefined : { kind: 'access', claims, acting: undefined }
  const acting = await actingIn(tx, client, claims.sid)
  const isCurrent = acting !== undefined && (claims.rights ?? 0) >= acting.holder.rightsVersion
  return isCurrent ? { kind: 'access', claims, acting } : undefined
}

const actingIn = async (tx: Transaction, client: Client, id: string): Promise<Acting | undefined> => {
  const session = await findSession(tx, id)
  if (session === undefined || session.endedAt !== null || session.clientId !== client.id) return undefined
  const holder = await findHolder(tx, UserId.parse(session.subjectId))
  return holder && { session, holder }
}
