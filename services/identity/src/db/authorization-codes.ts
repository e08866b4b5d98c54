import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { authorizationCodes } from './schema/clients.ts'

export type AuthorizationCode = typeof authorizationCodes.$inferSelect

export const insertCode = async (
  tx: Transaction,
  code: Omit<AuthorizationCode, 'usedAt' | 'sessionId'>,
): Promise<void> => {
  await tx.insert(authorizationCodes).values(code)
}

/** The code of a hash, locked until the transaction ends: of two that show it, the second sees what the first did. */
export const lockCode = async (tx: Transaction, codeHash: string): Promise<AuthorizationCode | undefined> => {
  const [row] = await tx
    .select({
      codeHash: authorizationCodes.codeHash,
      clientId: authorizationCodes.clientId,
      userId: authorizationCodes.userId,
      redirectUri: authorizationCodes.redirectUri,
      scopes: authorizationCodes.scopes,
      codeChallenge: authorizationCodes.codeChallenge,
      provedAt: authorizationCodes.provedAt,
      secondFactor: authorizationCodes.secondFactor,
      createdAt: authorizationCodes.createdAt,
      expiresAt: authorizationCodes.expiresAt,
      usedAt: authorizationCodes.usedAt,
      sessionId: authorizationCodes.sessionId,
    })
    .from(authorizationCodes)
    .where(eq(authorizationCodes.codeHash, codeHash))
    .for('update')
  return row
}

/** `sessionId` is what this use of the code has opened. */
export const markCodeUsed = async (
  tx: Transaction,
  codeHash: string,
  use: { usedAt: Date; sessionId: string },
): Promise<void> => {
  await tx.update(authorizationCodes).set(use).where(eq(authorizationCodes.codeHash, codeHash))
}

/**
 * No code of this person is worth anything any more. Waits for those that are being redeemed: what they have opened is
 * there afterwards.
 */
export const endCodesOf = async (tx: Transaction, userId: UserId, now: Date): Promise<void> => {
  await tx
    .delete(authorizationCodes)
    .where(
      and(
        gt(authorizationCodes.expiresAt, now),
        eq(authorizationCodes.userId, userId),
        isNull(authorizationCodes.usedAt),
      ),
    )
}
