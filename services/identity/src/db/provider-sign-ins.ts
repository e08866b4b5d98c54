import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq, inArray, lt } from 'drizzle-orm'
import { providerSignIns } from './schema/clients.ts'

export type ProviderSignIn = typeof providerSignIns.$inferSelect

export const insertSignIn = async (db: Queryable, signIn: ProviderSignIn): Promise<void> => {
  await db.insert(providerSignIns).values(signIn)
}

/** Takes a sign-in away: of all who show its state one gets it. */
export const takeSignIn = async (tx: Transaction, stateHash: string): Promise<ProviderSignIn | undefined> => {
  const [row] = await tx.delete(providerSignIns).where(eq(providerSignIns.stateHash, stateHash)).returning({
    stateHash: providerSignIns.stateHash,
    provider: providerSignIns.provider,
    nonce: providerSignIns.nonce,
    codeVerifier: providerSignIns.codeVerifier,
    returnTo: providerSignIns.returnTo,
    guestId: providerSignIns.guestId,
    createdAt: providerSignIns.createdAt,
    expiresAt: providerSignIns.expiresAt,
  })
  return row
}

/** Deletes at most `limit` sign-ins that expired before `before`; tells how many. */
export const deleteExpiredSignIns = async (db: Queryable, before: Date, limit: number): Promise<number> => {
  const expired = db
    .select({ stateHash: providerSignIns.stateHash })
    .from(providerSignIns)
    .where(lt(providerSignIns.expiresAt, before))
    .limit(limit)
  const rows = await db
    .delete(providerSignIns)
    .where(inArray(providerSignIns.stateHash, expired))
    .returning({ stateHash: providerSignIns.stateHash })
  return rows.length
}
