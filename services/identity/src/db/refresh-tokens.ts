import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { refreshTokens } from './schema/sessions.ts'

export type RefreshToken = typeof refreshTokens.$inferSelect
export type NewRefreshToken = Omit<RefreshToken, 'usedAt' | 'revokedAt'>

export const insertRefreshToken = async (tx: Queryable, token: NewRefreshToken): Promise<void> => {
  await tx.insert(refreshTokens).values(token)
}

/** Lets one transaction at a time change a family. */
export const lockFamily = async (tx: Transaction, familyId: string): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${familyId}, 0))`)
}

/**
 * The token of a hash, with its whole family locked until the transaction ends: of two requests that present tokens of
 * one family, the second sees what the first did. A row lock would not do: revoking the family misses the child that
 * another transaction is about to commit.
 */
export const lockRefreshToken = async (
  tx: Transaction,
  tokenHash: string,
): Promise<RefreshToken | undefined> => {
  const found = await findRefreshToken(tx, tokenHash)
  if (found === undefined) return undefined
  await lockFamily(tx, found.familyId)
  // What was read before the lock may be old.
  return findRefreshToken(tx, tokenHash)
}

const findRefreshToken = async (tx: Transaction, tokenHash: string): Promise<RefreshToken | undefined> => {
  const [row] = await tx
    .select({
      id: refreshTokens.id,
      tokenHash: refreshTokens.tokenHash,
      familyId: refreshTokens.familyId,
      parentId: refreshTokens.parentId,
      subjectKind: refreshTokens.subjectKind,
      subjectId: refreshTokens.subjectId,
      createdAt: refreshTokens.createdAt,
      expiresAt: refreshTokens.expiresAt,
      usedAt: refreshTokens.usedAt,
      revokedAt: refreshTokens.revokedAt,
    })
    .from(refreshTokens)
    .where(eq(refreshTokens.tokenHash, tokenHash))
  return row
}

/** False where it was used or revoked meanwhile: whoever ends every session of somebody takes no lock on each family. */
export const markUsed = async (tx: Transaction, id: string, at: Date): Promise<boolean> => {
  const rows = await tx
    .update(refreshTokens)
    .set({ usedAt: at })
    .where(and(eq(refreshTokens.id, id), isNull(refreshTokens.usedAt), isNull(refreshTokens.revokedAt)))
    .returning({ id: refreshTokens.id })
  return rows.length === 1
}

/** No refresh token of these sessions works any more. */
export const revokeFamilies = (tx: Transaction, familyIds: string[], at: Date): Promise<void> =>
  revoke(tx, inArray(refreshTokens.familyId, familyIds), at)

/** Ends the tokens of a family that could still be exchanged. One that was used stays so: shown again it ends the family. */
export const revokeLiveTokens = (tx: Transaction, familyId: string, at: Date): Promise<void> =>
  revoke(tx, and(eq(refreshTokens.familyId, familyId), isNull(refreshTokens.usedAt)), at)

const revoke = async (tx: Transaction, which: SQL | undefined, at: Date): Promise<void> => {
  await tx
    .update(refreshTokens)
    .set({ revokedAt: at })
    .where(and(which, isNull(refreshTokens.revokedAt)))
}
