import type { CartId, UserId } from '@comptoir/contracts/ids'
import type { Transaction, Queryable } from '@comptoir/service-kit/database'
import { redactAnswers } from '@comptoir/service-kit/redact-kept'
import { and, eq, or, sql } from 'drizzle-orm'
import { cartLines, carts, erasedOwners } from './schema.ts'

export const noteErased = async (tx: Transaction, ownerId: UserId): Promise<void> => {
  await tx.insert(erasedOwners).values({ ownerId }).onConflictDoNothing()
}

export const isErased = async (tx: Transaction, ownerId: UserId): Promise<boolean> => {
  const rows = await tx
    .select({ ownerId: erasedOwners.ownerId })
    .from(erasedOwners)
    .where(eq(erasedOwners.ownerId, ownerId))
  return rows.length > 0
}

export interface Remnant {
  readonly id: CartId
}

const tells = (cart: string) =>
  sql.raw(`(${cart}.contact is not null or ${cart}.address is not null
  or exists (select from cart_lines line where line.cart_id = ${cart}.id))`)

/**
 * Carts of shoppers who were erased in the last day that still say something of them: for a minute after it a token from
 * before may have made one. An ordered cart counts too, and so does one that a guest's went into, which says something.
 */
export const remnants = (after: CartId | undefined, limit: number) => sql<Remnant>`
  select cart.id from erased_owners erased
  join carts cart on cart.owner_kind = 'customer' and cart.owner_id = erased.owner_id
  where erased.erased_at > now() - interval '1 day'
    and (cart.state = 'open' or ${tells('cart')}
      or exists (select from carts guests where guests.merged_into = cart.id and ${tells('guests')}))
    ${after === undefined ? sql`` : sql`and cart.id > ${after}`}
  order by cart.id limit ${limit}`

export const findRemnants = async (
  db: Queryable,
  after: CartId | undefined,
  limit: number,
): Promise<Remnant[]> => [...(await db.execute<{ id: CartId }>(remnants(after, limit)))]

/**
 * Deletes an open cart; of one that has ended stays that it was there, because an order came of it. Those that went into it
 * are erased with it, for it is by it that they are found.
 */
export const eraseCart = async (tx: Transaction, { id }: Remnant): Promise<void> => {
  const emptied = await tx
    .update(carts)
    .set({ contact: null, address: null })
    .where(or(eq(carts.id, id), eq(carts.mergedInto, id)))
    .returning({ id: carts.id })
  for (const cart of emptied) {
    await tx.delete(cartLines).where(eq(cartLines.cartId, cart.id))
    await redactAnswers(tx, { id: cart.id, fields: { contact: null, address: null } })
  }
  await tx.delete(carts).where(and(eq(carts.id, id), eq(carts.state, 'open')))
}
