import type { Queryable } from '@comptoir/service-kit/database'
import { inArray, lt } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

interface Expiring {
  readonly table: PgTable
  readonly key: PgColumn
  readonly expiresAt: PgColumn
}

/** Deletes at most `limit` rows that expired before `before`; tells how many. */
export const deleteExpired = async (
  db: Queryable,
  { table, key, expiresAt }: Expiring,
  { before, limit }: { before: Date; limit: number },
): Promise<number> => {
  const expired = db.select({ key }).from(table).where(lt(expiresAt, before)).limit(limit)
  const rows = await db.delete(table).where(inArray(key, expired)).returning({ key })
  return rows.length
}
