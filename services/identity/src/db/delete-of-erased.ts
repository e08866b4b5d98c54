import type { Queryable } from '@comptoir/service-kit/database'
import { eq, inArray, isNotNull } from 'drizzle-orm'
import { unlinkedIdentities, users } from './schema/people.ts'

/**
 * Deletes what was kept of at most `limit` people who were erased: a process of an earlier version, which does not know the
 * table, leaves it behind. Tells how many rows.
 */
export const deleteOfErased = async (db: Queryable, limit: number): Promise<number> => {
  const erased = db
    .selectDistinct({ id: users.id })
    .from(users)
    .innerJoin(unlinkedIdentities, eq(unlinkedIdentities.userId, users.id))
    .where(isNotNull(users.erasedAt))
    .limit(limit)
  const rows = await db
    .delete(unlinkedIdentities)
    .where(inArray(unlinkedIdentities.userId, erased))
    .returning({ userId: unlinkedIdentities.userId })
  return rows.length
}
