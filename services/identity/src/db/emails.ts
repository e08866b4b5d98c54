import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import { eq } from 'drizzle-orm'
import { users } from './schema/people.ts'

/**
 * Gives a user, whom the transaction has locked, the address that they have shown to be their own; false where somebody
 * else has it. Only the index can tell: of two who ask for one address at once, neither sees the other.
 */
export const saveEmail = async (tx: Transaction, user: User, at: Date): Promise<boolean> => {
  try {
    await tx.transaction((savepoint) =>
      savepoint
        .update(users)
        .set({ email: user.email, emailVerifiedAt: at, version: user.version, updatedAt: at })
        .where(eq(users.id, user.id)),
    )
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === '23505'
