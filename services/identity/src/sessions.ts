import type { Session } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { insertRefreshToken, lockFamily, type RefreshToken, revokeLiveTokens } from './db/refresh-tokens.ts'
import { insertRevocation } from './db/revocations.ts'
import { insertSession, markEnded, markProved, prolongSession, type StoredSession } from './db/sessions.ts'
import { type Holder, rightsIn } from './domain/rights.ts'
import { refreshTokenMs } from './domain/session.ts'
import { hashToken, makeToken } from './security/secret-tokens.ts'

/** How somebody came in. A guest proves nothing. */
export interface Entrance {
  readonly holder: Holder
  readonly secondFactor?: boolean
}

/** That somebody in a session has shown again who they are. */
interface Proof {
  readonly id: string
  readonly holder: Holder
  readonly secondFactor: boolean
  /** Now unless told. */
  readonly provedAt?: Date
}

/** Gives somebody a session, with the first tokens of it. */
export const openSession = async (
  ctx: Context,
  tx: Transaction,
  { holder, secondFactor = false }: Entrance,
): Promise<Session> => {
  const now = ctx.clock.now()
  const session: StoredSession = {
    id: ctx.ids.next(),
    subjectKind: holder.kind === 'guest' ? 'guest' : 'user',
    subjectId: holder.id,
    createdAt: now,
    provedAt: holder.kind === 'guest' ? null : now,
    secondFactor,
    clientId: null,
    scopes: null,
    expiresAt: new Date(now.getTime() + refreshTokenMs),
    endedAt: null,
  }
  await insertSession(tx, session)
  return issueTokens(ctx, tx, { session, holder })
}

/** The next tokens of a session, in exchange for `parent`. */
export const continueSession = async (
  ctx: Context,
  tx: Transaction,
  continued: { session: StoredSession; holder: Holder; parent: RefreshToken },
): Promise<Session> => {
  const next = await issueTokens(ctx, tx, continued)
  await prolongSession(tx, continued.session.id, new Date(next.refreshTokenExpiresAt))
  return next
}

/**
 * The session of somebody who has proved anew who they are, with new tokens. The refresh token that it had is over: it is
 * refused from now on and, since its owner has the next one without having shown it, is no sign of a theft.
 */
export const proveAgain = async (
  ctx: Context,
  tx: Transaction,
  { id, holder, secondFactor, provedAt }: Proof,
): Promise<Session | undefined> => {
  const at = ctx.clock.now()
  await lockFamily(tx, id)
  const session = await markProved(tx, id, { subjectId: holder.id, at: provedAt ?? at, secondFactor })
  if (session === undefined) return undefined
  await revokeLiveTokens(tx, id, at)
  const next = await issueTokens(ctx, tx, { session, holder })
  await prolongSession(tx, id, new Date(next.refreshTokenExpiresAt))
  return next
}

/** Ends a session: its refresh tokens now, its access tokens as soon as the edge has heard of it. */
export const endSession = async (ctx: Context, tx: Transaction, id: string): Promise<void> => {
  const subject = await markEnded(tx, id, ctx.clock.now())
  if (subject !== undefined) await insertRevocation(tx, { subject, session: id, rightsVersion: null })
}

/** Tokens of a session for its holder, who has no more rights in it than are given here. */
export const issueTokens = async (
  ctx: Context,
  tx: Transaction,
  { session, holder, parent }: { session: StoredSession; holder: Holder; parent?: RefreshToken },
): Promise<Session> => {
  const now = ctx.clock.now()
  const refreshToken = makeToken('rt')
  const expiresAt = new Date(now.getTime() + refreshTokenMs)
  await insertRefreshToken(tx, {
    id: ctx.ids.next(),
    tokenHash: hashToken(refreshToken),
    familyId: session.id,
    parentId: parent?.id ?? null,
    subjectKind: session.subjectKind,
    subjectId: session.subjectId,
    createdAt: now,
    expiresAt,
  })
  const { scopes, provedAt } = rightsIn(session, holder, ctx.staffSecondFactor)
  const access = await ctx.accessTokens.issue(
    { holder: { ...holder, scopes }, session: { ...session, provedAt } },
    { jti: ctx.ids.next(), now },
  )
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt.toISOString(),
    refreshToken,
    refreshTokenExpiresAt: expiresAt.toISOString(),
    kind: holder.kind,
    subject: holder.id,
  }
}
