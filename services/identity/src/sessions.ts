import { createHash, randomBytes } from 'node:crypto'
import type { Session } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { insertRefreshToken, type RefreshToken } from './db/refresh-tokens.ts'
import { refreshTokenMs } from './domain/session.ts'
import type { Subject } from './security/access-tokens.ts'

/** Gives somebody a session: the first of a family, or the next after `parent`. */
export const openSession = async (
  ctx: Context,
  tx: Transaction,
  { subject, parent }: { subject: Subject; parent?: RefreshToken },
): Promise<Session> => {
  const now = ctx.clock.now()
  const refreshToken = `rt_${randomBytes(32).toString('base64url')}`
  const expiresAt = new Date(now.getTime() + refreshTokenMs)
  await insertRefreshToken(tx, {
    id: ctx.ids.next(),
    tokenHash: hashToken(refreshToken),
    familyId: parent?.familyId ?? ctx.ids.next(),
    parentId: parent?.id ?? null,
    subjectKind: subject.kind === 'guest' ? 'guest' : 'user',
    subjectId: subject.id,
    createdAt: now,
    expiresAt,
  })
  const access = await ctx.accessTokens.issue(subject, { jti: ctx.ids.next(), now })
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt.toISOString(),
    refreshToken,
    refreshTokenExpiresAt: expiresAt.toISOString(),
    kind: subject.kind,
    subject: subject.id,
  }
}

/** A token of 256 random bits needs no slow hash: nobody guesses it, and a copy of the table gives nothing away. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
