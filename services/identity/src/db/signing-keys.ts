import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { asc, desc, eq, gt, isNull, lt, lte, or, sql } from 'drizzle-orm'
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

/** Lets one at a time look for a key and make it; released when the transaction ends. */
export const lockSigningKeys = async (tx: Transaction): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('identity.signing_keys'))`)
}

/** The key that signs now: the newest whose time has come. Where clocks differ and none has come, the one that comes first. */
export const signingKeyAt = async (db: Queryable, now: Date): Promise<StoredKey | undefined> => {
  const [come] = await db
    .select(columns)
    .from(signingKeys)
    .where(lte(signingKeys.signsFrom, now))
    .orderBy(desc(signingKeys.signsFrom), desc(signingKeys.createdAt))
    .limit(1)
  if (come !== undefined) return come
  const [first] = await db.select(columns).from(signingKeys).orderBy(asc(signingKeys.signsFrom)).limit(1)
  return first
}

/** Every key, the newest first. */
export const listSigningKeys = (db: Queryable): Promise<StoredKey[]> =>
  db.select(columns).from(signingKeys).orderBy(desc(signingKeys.signsFrom), desc(signingKeys.createdAt))

export const insertSigningKey = async (tx: Transaction, key: StoredKey): Promise<void> => {
  await tx.insert(signingKeys).values(key)
}

export const replacePrivateKey = async (tx: Transaction, kid: string, privateKey: string): Promise<void> => {
  await tx.update(signingKeys).set({ privateKey }).where(eq(signingKeys.kid, kid))
}

/** Says from when a key signs. */
export const setSignsFrom = async (tx: Transaction, kid: string, signsFrom: Date): Promise<void> => {
  await tx.update(signingKeys).set({ signsFrom }).where(eq(signingKeys.kid, kid))
}

/** Says of a key that another one takes over from how long what it signed is to be believed. */
export const setVerifiesUntil = async (tx: Transaction, kid: string, verifiesUntil: Date): Promise<void> => {
  await tx.update(signingKeys).set({ verifiesUntil }).where(eq(signingKeys.kid, kid))
}

/** The keys that may have signed a token which is alive, or will sign one. */
export const listPublicKeys = async (db: Queryable, now: Date): Promise<PublicKey[]> => {
  const rows = await db
    .select({ publicKey: signingKeys.publicKey })
    .from(signingKeys)
    .where(or(isNull(signingKeys.verifiesUntil), gt(signingKeys.verifiesUntil, now)))
    .orderBy(desc(signingKeys.signsFrom), desc(signingKeys.createdAt))
  return rows.map((row) => row.publicKey)
}

/** Deletes the keys that verify nothing any more. */
export const deleteOldKeys = async (db: Queryable, now: Date): Promise<void> => {
  await db.delete(signingKeys).where(lt(signingKeys.verifiesUntil, now))
}
