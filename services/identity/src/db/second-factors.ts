import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, count, eq, isNotNull, isNull, lt } from 'drizzle-orm'
import { recoveryCodes, totpFactors } from './schema/people.ts'

export interface StoredFactor {
  readonly secret: string
  readonly confirmedAt: Date | null
}

/** The factor of a person, locked until the transaction ends. */
export const lockFactor = async (tx: Transaction, userId: UserId): Promise<StoredFactor | undefined> => {
  const [row] = await tx
    .select({ secret: totpFactors.secret, confirmedAt: totpFactors.confirmedAt })
    .from(totpFactors)
    .where(eq(totpFactors.userId, userId))
    .for('update')
  return row
}

/** Writes a factor that no code was shown of yet; false where there is one that counts. */
export const saveUnconfirmedFactor = async (
  tx: Transaction,
  factor: { userId: UserId; secret: string; createdAt: Date },
): Promise<boolean> => {
  const rows = await tx
    .insert(totpFactors)
    .values({ ...factor, confirmedAt: null, lastStep: 0 })
    .onConflictDoUpdate({
      target: totpFactors.userId,
      set: { secret: factor.secret, createdAt: factor.createdAt, lastStep: 0 },
      setWhere: isNull(totpFactors.confirmedAt),
    })
    .returning({ userId: totpFactors.userId })
  return rows.length === 1
}

export const confirmFactor = async (tx: Transaction, userId: UserId, at: Date): Promise<void> => {
  await tx.update(totpFactors).set({ confirmedAt: at }).where(eq(totpFactors.userId, userId))
}

/** Takes the code of a step; false where that step, or a later one, was taken before. */
export const takeStep = async (tx: Transaction, userId: UserId, step: number): Promise<boolean> => {
  const rows = await tx
    .update(totpFactors)
    .set({ lastStep: step })
    .where(and(eq(totpFactors.userId, userId), lt(totpFactors.lastStep, step)))
    .returning({ userId: totpFactors.userId })
  return rows.length === 1
}

export const hasFactor = async (db: Queryable, userId: UserId): Promise<boolean> => {
  const [row] = await db
    .select({ userId: totpFactors.userId })
    .from(totpFactors)
    .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt)))
  return row !== undefined
}

/** Takes a recovery code; false where it is none, or was taken before. */
export const takeRecoveryCode = async (
  tx: Transaction,
  userId: UserId,
  taken: { codeHash: string; at: Date },
): Promise<boolean> => {
  const rows = await tx
    .update(recoveryCodes)
    .set({ usedAt: taken.at })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.codeHash, taken.codeHash),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ id: recoveryCodes.id })
  return rows.length === 1
}

export const countRecoveryCodes = async (db: Queryable, userId: UserId): Promise<number> => {
  const [row] = await db
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
  return row?.left ?? 0
}

/** Puts codes in the place of all that the person had. */
export const replaceRecoveryCodes = async (
  tx: Transaction,
  userId: UserId,
  codes: readonly { id: string; codeHash: string; createdAt: Date }[],
): Promise<void> => {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
  if (codes.length > 0) await tx.insert(recoveryCodes).values(codes.map((code) => ({ ...code, userId })))
}

export const deleteFactor = async (tx: Transaction, userId: UserId): Promise<void> => {
  await replaceRecoveryCodes(tx, userId, [])
  await tx.delete(totpFactors).where(eq(totpFactors.userId, userId))
}
