import type { CartId, UserId } from '@comptoir/contracts/ids'
import type { Transaction, Queryable } from '@comptoir/service-kit/database'
import { redactAnswers } from '@comptoir/service-kit/redact-kept'
import { and, eq, inArray, sql } from 'drizzle-orm'
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
  readonly createdAt: Date
}

/**
 * Carts that still say something of shoppers who were erased in the last day: for a minute after it a token from before
 * may have made one. An ordered cart counts too, and so does a guest's that went into theirs.
 */
export const findRemnants = async (db: Queryable, limit: number): Promise<Remnant[]> => {
  const rows = await db.execute<{ id: CartId; createdAt: string }>(sql`
    with theirs as (
      select cart.id from erased_owners erased
      join carts cart on cart.owner_kind = 'customer' and cart.owner_id = erased.owner_id
      where erased.erased_at > now() - interval '1 day'
    )
    select cart.id, cart.created_at::text as "createdAt" from carts cart
    where (cart.id in (select id from theirs) or cart.merged_into in (select id from theirs))
      and (cart.state = 'open' or cart.contact is not null or cart.address is not null
        or exists (select from cart_lines line where line.cart_id = cart.id))
    limit ${limit}`)
  return rows.map(({ id, createdAt }) => ({ id, createdAt: new Date(createdAt) }))
}

/** Deletes an open cart; of one that has ended stays that it was there, because an order came of it. */
export const eraseCart = async (tx: Transaction, { id, createdAt }: Remnant): Promise<void> => {
  const [open] = await tx
    .delete(carts)
    .where(and(eq(carts.id, id), sql`${carts.state} = 'open'`))
    .returning({ id: carts.id })
  if (open === undefined) {
    await tx.update(carts).set({ contact: null, address: null }).where(eq(carts.id, id))
    await tx.delete(cartLines).where(inArray(cartLines.cartId, [id]))
  }
  await redactAnswers(tx, createdAt, { id, fields: { contact: null, address: null } })
}
