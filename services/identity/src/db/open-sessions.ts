import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, gt, isNull, ne } from 'drizzle-orm'
import { revokeFamilies } from './refresh-tokens.ts'
import { sessions } from './schema/sessions.ts'

const isOpenOf = (subjectId: string) => and(eq(sessions.subjectId, subjectId), isNull(sessions.endedAt))

/** The sessions of a subject that are not over, newest first. */
export const listOpenSessions = (
  db: Queryable,
  subjectId: string,
  { now, limit }: { now: Date; limit: number },
) =>
  db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
      clientId: sessions.clientId,
    })
    .from(sessions)
    .where(and(isOpenOf(subjectId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(limit)

export const isOpenSession = async (
  db: Queryable,
  { id, subjectId, now }: { id: string; subjectId: string; now: Date },
): Promise<boolean> => {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), isOpenOf(subjectId), gt(sessions.expiresAt, now)))
  return rows.length === 1
}

/** Ends the sessions of a subject but `except`, and their refresh tokens; which they were. */
export const markAllEnded = async (
  tx: Transaction,
  subjectId: string,
  { at, except }: { at: Date; except?: string | undefined },
): Promise<string[]> => {
  const others = except === undefined ? undefined : ne(sessions.id, except)
  const ended = await tx
    .update(sessions)
    .set({ endedAt: at })
    .where(and(isOpenOf(subjectId), others))
    .returning({ id: sessions.id })
  const ids = ended.map(({ id }) => id)
  if (ids.length === 0) return ids
  await revokeFamilies(tx, ids, at)
  return ids
}
