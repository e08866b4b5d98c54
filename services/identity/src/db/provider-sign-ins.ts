import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq } from 'drizzle-orm'
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
