import type { SavedAddress } from '@comptoir/contracts/identity/model'
import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq } from 'drizzle-orm'
import { addresses } from './schema/people.ts'

/** The addresses of a person, oldest first. Ids rise with time. */
export const listAddresses = async (db: Queryable, userId: UserId): Promise<SavedAddress[]> => {
  const rows = await db
    .select({
      id: addresses.id,
      name: addresses.name,
      line1: addresses.line1,
      line2: addresses.line2,
      city: addresses.city,
      region: addresses.region,
      postalCode: addresses.postalCode,
      country: addresses.country,
      isDefault: addresses.isDefault,
      version: addresses.version,
    })
    .from(addresses)
    .where(eq(addresses.userId, userId))
    .orderBy(asc(addresses.id))
  return rows.map(({ id, isDefault, version, line2, region, ...address }) => ({
    id,
    isDefault,
    version,
    address: { ...address, ...(line2 !== null && { line2 }), ...(region !== null && { region }) },
  }))
}

/** Writes an address of a person whom the transaction has locked; one that is meant by default is the only one. */
export const saveAddress = async (
  tx: Transaction,
  userId: UserId,
  { saved, at }: { saved: SavedAddress; at: Date },
): Promise<void> => {
  const { id, address, isDefault, version } = saved
  if (isDefault)
    await tx
      .update(addresses)
      .set({ isDefault: false, updatedAt: at })
      .where(and(eq(addresses.userId, userId), eq(addresses.isDefault, true)))
  const { line2 = null, region = null } = address
  const row = { ...address, line2, region, isDefault, version, updatedAt: at }
  await tx
    .insert(addresses)
    .values({ id, userId, ...row, createdAt: at })
    .onConflictDoUpdate({ target: addresses.id, set: row })
}

/** False where the person has no such address. */
export const deleteAddress = async (tx: Queryable, userId: UserId, id: string): Promise<boolean> => {
  const rows = await tx
    .delete(addresses)
    .where(and(eq(addresses.id, id), eq(addresses.userId, userId)))
    .returning({ id: addresses.id })
  return rows.length === 1
}
