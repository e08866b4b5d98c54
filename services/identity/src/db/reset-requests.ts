import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { asc, inArray } from 'drizzle-orm'
import { passwordResetRequests } from './schema/letters.ts'

export const insertResetRequest = async (
  db: Queryable,
  request: { id: string; email: string; createdAt: Date },
): Promise<void> => {
  await db.insert(passwordResetRequests).values(request)
}

/** Takes the oldest requests out, at most `limit`; what another process is taking is passed over. */
export const takeResetRequests = async (tx: Transaction, limit: number): Promise<string[]> => {
  const oldest = tx
    .select({ id: passwordResetRequests.id })
    .from(passwordResetRequests)
    .orderBy(asc(passwordResetRequests.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await tx
    .delete(passwordResetRequests)
    .where(inArray(passwordResetRequests.id, oldest))
    .returning({ email: passwordResetRequests.email })
  return rows.map(({ email }) => email)
}
