import type { OrderId, UserId } from '@comptoir/contracts/ids'
import type { OrderStatus } from '@comptoir/contracts/orders/model'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { erasedOwners, orders, provedAddresses } from './schema.ts'

/** An address, and who holds it. */
export interface Proof {
  readonly userId: UserId
  readonly email: string
}

const proofColumns = { userId: provedAddresses.userId, email: provedAddresses.email }
const theProof = ({ userId, email }: Proof) =>
  and(eq(provedAddresses.userId, userId), eq(provedAddresses.email, email))

export const noteProof = async (tx: Transaction, proof: Proof): Promise<void> => {
  await tx.insert(provedAddresses).values(proof).onConflictDoNothing()
}

/** Proofs after another, in the order of accounts and addresses. */
export const findProofs = (db: Database, after: Proof | undefined, limit: number): Promise<Proof[]> =>
  db
    .select(proofColumns)
    .from(provedAddresses)
    .where(after && sql`(user_id, email) > (${after.userId}::uuid, ${after.email})`)
    .orderBy(asc(provedAddresses.userId), asc(provedAddresses.email))
    .limit(limit)

/** Keeps other processes from the same proof; false when one of them is done with it. */
export const lockProof = async (tx: Transaction, proof: Proof): Promise<boolean> =>
  (await tx.select(proofColumns).from(provedAddresses).where(theProof(proof)).for('update')).length > 0

export const deleteProof = async (tx: Transaction, proof: Proof): Promise<void> => {
  await tx.delete(provedAddresses).where(theProof(proof))
}

export interface Linked {
  readonly id: OrderId
  readonly status: OrderStatus
  readonly version: number
}

/**
 * Gives some of the orders that guests placed with an address to whoever has proved to hold it, unless they were erased.
 * An order of an account stays where it is, whatever address it names.
 */
export const linkOrders = (tx: Transaction, { userId, email }: Proof, limit: number): Promise<Linked[]> => {
  const isErased = sql`exists (select from ${erasedOwners} where owner_id = ${userId})`
  const placed = tx
    .select({ id: orders.id })
    .from(orders)
    .where(sql`owner_kind = 'guest' and lower(contact->>'email') = lower(${email}) and not ${isErased}`)
    .orderBy(orders.id)
    .limit(limit)
    .for('update')
  return tx
    .update(orders)
    .set({ ownerKind: 'customer', ownerId: userId })
    .where(inArray(orders.id, placed))
    .returning({ id: orders.id, status: orders.status, version: orders.version })
}
