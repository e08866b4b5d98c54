import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findByCookie, giveCookie } from '../db/browser-sessions.ts'
import { findHolderOf } from '../db/holders.ts'
import { lockRefreshToken, revokeFamilies } from '../db/refresh-tokens.ts'
import { findSession } from '../db/sessions.ts'
import { expiryOf, lastDayOf } from '../domain/browser-session.ts'
import { judgeRefresh } from '../domain/session.ts'
import { hashToken, makeToken } from '../security/secret-tokens.ts'
import { endSession } from '../sessions.ts'

export const openBrowserSession: Procedure<typeof identity.openBrowserSession, Context> = async ({
  ctx,
  input,
}) =>
  ctx.transaction(async (tx) => {
    const now = ctx.clock.now()
    const session = await sessionBehind(tx, hashToken(input.refreshToken), now)
    // A third party’s session never becomes a browser’s, which would make it the person’s own.
    if (session === undefined || session.endedAt !== null || session.clientId !== null)
      throw ctx.fail('REFRESH_TOKEN_INVALID')
    const holder = await findHolderOf(tx, session)
    if (holder === undefined) throw ctx.fail('REFRESH_TOKEN_INVALID')
    const former = input.replaces === undefined ? undefined : await findByCookie(tx, input.replaces)
    if (former !== undefined && former.id !== session.id) await endSession(ctx, tx, former.id)
    await revokeFamilies(tx, [session.id], now)
    const cookie = makeToken('bs')
    await giveCookie(tx, session.id, {
      cookieHash: hashToken(cookie),
      lastSeenAt: now,
      expiresAt: lastDayOf(session.createdAt),
    })
    const expiresAt = expiryOf({ createdAt: session.createdAt, seenAt: now }, holder.kind)
    return { cookie, kind: holder.kind, subject: holder.id, expiresAt: expiresAt.toISOString() }
  })

const sessionBehind = async (tx: Transaction, tokenHash: string, now: Date) => {
  const token = await lockRefreshToken(tx, tokenHash)
  if (token === undefined || judgeRefresh(token, now) !== 'rotate') return undefined
  return findSession(tx, token.familyId)
}
