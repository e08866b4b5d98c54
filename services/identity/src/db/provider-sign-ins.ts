import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq, inArray } from 'drizzle-orm'
import { providerSignIns } from './schema/clients.ts'

export type ProviderSignIn = typeof providerSignIns.$inferSelect

const columns = {
  stateHash: providerSignIns.stateHash,
  provider: providerSignIns.provider,
  nonce: providerSignIns.nonce,
  codeVerifier: providerSignIns.codeVerifier,
  returnTo: providerSignIns.returnTo,
  guestId: providerSignIns.guestId,
  purpose: providerSignIns.purpose,
  userId: providerSignIns.userId,
  createdAt: providerSignIns.createdAt,
  expiresAt: providerSignIns.expiresAt,
}

export const insertSignIn = async (db: Queryable, signIn: ProviderSignIn): Promise<void> => {
  await db.insert(providerSignIns).values(signIn)
}

export const findSignIn = async (db: Queryable, stateHash: string): Promise<ProviderSignIn | undefined> => {
  const [row] = await db.select(columns).from(providerSignIns).where(eq(providerSignIns.stateHash, stateHash))
  return row
}

/** Takes a sign-in away, by what the state may be bound to: of all who show it one gets it. */
export const takeSignIn = async (
  tx: Transaction,
  stateHashes: string[],
): Promise<ProviderSignIn | undefined> => {
  const [row] = await tx
    .delete(providerSignIns)
    .where(inArray(providerSignIns.stateHash, stateHashes))
    .returning(columns)
  return row
}
