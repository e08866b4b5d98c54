import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, isNotNull, isNull, lt } from 'drizzle-orm'
import { sessions } from './schema/sessions.ts'

const columns = {
  id: sessions.id,
  subjectKind: sessions.subjectKind,
  subjectId: sessions.subjectId,
  createdAt: sessions.createdAt,
  provedAt: sessions.provedAt,
  secondFactor: sessions.secondFactor,
  lastSeenAt: sessions.lastSeenAt,
}

/** The session of a cookie, unless it has been ended. */
export const findByCookie = async (db: Queryable, cookieHash: string) => {
  const [row] = await db
    .select(columns)
    .from(sessions)
    .where(and(eq(sessions.cookieHash, cookieHash), isNull(sessions.endedAt)))
  return row
}

/** Whether a session, which need not be open, is shown by a cookie. */
export const isBrowserSession = async (db: Queryable, id: string): Promise<boolean> => {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), isNotNull(sessions.cookieHash)))
  return rows.length === 1
}

/** From now on the session belongs to a browser; a cookie that it had before is none any more. */
export const giveCookie = async (
  tx: Transaction,
  id: string,
  given: { cookieHash: string; lastSeenAt: Date; expiresAt: Date },
): Promise<void> => {
  await tx.update(sessions).set(given).where(eq(sessions.id, id))
}

/** Of many at once the first writes, and the others find nothing to do. */
export const noteSeen = async (db: Queryable, id: string, seen: { at: Date; ifBefore: Date }) => {
  await db
    .update(sessions)
    .set({ lastSeenAt: seen.at })
    .where(and(eq(sessions.id, id), lt(sessions.lastSeenAt, seen.ifBefore)))
}
