import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { desc, eq, sql } from 'drizzle-orm'
import type { PublicKey } from '../domain/public-key.ts'
import { signingKeys } from './schema/signing-keys.ts'

export type StoredKey = typeof signingKeys.$inferSelect

const columns = {
  kid: signingKeys.kid,
  publicKey: signingKeys.publicKey,
  privateKey: signingKeys.privateKey,
  createdAt: signingKeys.createdAt,
  signsFrom: signingKeys.signsFrom,
  verifiesUntil: signingKeys.verifiesUntil,
}

/** Lets one instance at a time look for the key and make it; released when the transaction ends. */
export const lockSigningKeys = async (tx: Transaction): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('identity.signing_keys'))`)
}

export const newestSigningKey = async (db: Queryable): Promise<StoredKey | undefined> => {
  const [row] = await db.select(columns).from(signingKeys).orderBy(desc(signingKeys.createdAt)).limit(1)
  return row
}

export const insertSigningKey = async (tx: Transaction, key: StoredKey): Promise<void> => {
  await tx.insert(signingKeys).values(key)
}

export const replacePrivateKey = async (tx: Transaction, kid: string, privateKey: string): Promise<void> => {
  await tx.update(signingKeys).set({ privateKey }).where(eq(signingKeys.kid, kid))
}

export const listPublicKeys = async (db: Queryable): Promise<PublicKey[]> => {
  const rows = await db
    .select({ publicKey: signingKeys.publicKey })
    .from(signingKeys)
    .orderBy(desc(signingKeys.createdAt))
  return rows.map((row) => row.publicKey)
}
