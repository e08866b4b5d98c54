import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { users } from './schema/people.ts'

export const findPasswordHash = async (db: Queryable, id: UserId): Promise<string | null | undefined> => {
  const [row] = await db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, id))
  return row?.hash
}

/** Gives a user another password; the version they have since. */
export const savePassword = async (
  tx: Transaction,
  id: UserId,
  { hash, at }: { hash: string; at: Date },
): Promise<number> => {
  const [row] = await tx
    .update(users)
    .set({ passwordHash: hash, version: sql`${users.version} + 1`, updatedAt: at })
    .where(eq(users.id, id))
    .returning({ version: users.version })
  if (row === undefined) throw new Error('The user is not there although locked')
  return row.version
}

/** No password lets the user in any more; whether one did. */
export const removePassword = async (tx: Transaction, id: UserId): Promise<boolean> => {
  const rows = await tx
    .update(users)
    .set({ passwordHash: null })
    .where(and(eq(users.id, id), isNotNull(users.passwordHash)))
    .returning({ id: users.id })
  return rows.length === 1
}

/** Whether the hash is still the one that was looked at; replaces it by `renewed` if there is one. */
export const keepPassword = async (
  tx: Transaction,
  { id, hash, renewed }: { id: UserId; hash: string | null; renewed: string | undefined },
): Promise<boolean> => {
  if (hash === null) return false
  const rows = await tx
    .update(users)
    .set({ passwordHash: renewed ?? hash })
    .where(and(eq(users.id, id), eq(users.passwordHash, hash)))
    .returning({ id: users.id })
  return rows.length === 1
}
