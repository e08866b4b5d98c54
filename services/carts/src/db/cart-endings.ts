import type { CartId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { and, eq, or, sql } from 'drizzle-orm'
import type { CartState, StoredLine } from '../domain/cart.ts'
import type { Merged } from '../domain/merge.ts'
import type { Owner } from '../domain/owner.ts'
import { cartLines, carts } from './schema.ts'

export interface CartFate {
  readonly id: CartId
  readonly owner: Owner
  readonly state: CartState
  readonly mergedInto: CartId | null
}

/** Takes a cart's lock and tells what became of it. */
export const lockCart = async (tx: Transaction, cartId: CartId): Promise<CartFate | undefined> => {
  const [row] = await tx.select(fate).from(carts).where(eq(carts.id, cartId)).for('update')
  return row
}

/** Takes the locks of the open carts of several owners, in one order for everybody. */
export const lockOpenCarts = (tx: Transaction, owners: readonly Owner[]): Promise<CartFate[]> =>
  tx
    .select(fate)
    .from(carts)
    .where(
      and(
        sql`${carts.state} = 'open'`,
        or(...owners.map((owner) => and(eq(carts.ownerKind, owner.kind), eq(carts.ownerId, owner.id)))),
      ),
    )
    .orderBy(carts.id)
    .for('update')

/** Ends a cart. Needs its lock. */
export const closeCart = async (
  tx: Transaction,
  cartId: CartId,
  end: { state: 'ordered' | 'merged'; mergedInto?: CartId; now: Date },
): Promise<void> => {
  await tx
    .update(carts)
    .set({
      state: end.state,
      mergedInto: end.mergedInto ?? null,
      version: sql`${carts.version} + 1`,
      updatedAt: end.now,
    })
    .where(eq(carts.id, cartId))
}

/** Gives an open cart to somebody else and answers its new version. Needs its lock. */
export const giveCart = async (
  tx: Transaction,
  cartId: CartId,
  { owner, now }: { owner: Owner; now: Date },
): Promise<number> => {
  const [given] = await tx
    .update(carts)
    .set({
      ownerKind: owner.kind,
      ownerId: owner.id,
      version: sql`${carts.version} + 1`,
      updatedAt: now,
    })
    .where(eq(carts.id, cartId))
    .returning({ version: carts.version })
  return versionOf(given)
}

export const removeCart = async (tx: Transaction, cartId: CartId): Promise<void> => {
  await tx.delete(carts).where(eq(carts.id, cartId))
}

/** Replaces what an open cart holds and answers its new version. Needs its lock. */
export const refillCart = async (
  tx: Transaction,
  cartId: CartId,
  holds: Merged & { now: Date },
): Promise<number> => {
  const { lines, now, ...said } = holds
  const [refilled] = await tx
    .update(carts)
    .set({ ...said, version: sql`${carts.version} + 1`, updatedAt: now })
    .where(eq(carts.id, cartId))
    .returning({ version: carts.version })
  await replaceLines(tx, cartId, { lines, now })
  return versionOf(refilled)
}

// Lines keep the order they are given in: a millisecond apart, because that is what they are sorted by.
const replaceLines = async (
  tx: Transaction,
  cartId: CartId,
  { lines, now }: { lines: readonly StoredLine[]; now: Date },
): Promise<void> => {
  await tx.delete(cartLines).where(eq(cartLines.cartId, cartId))
  if (lines.length === 0) return
  const first = now.getTime() - lines.length
  const rows = lines.map((line, index) => ({ ...line, cartId, addedAt: new Date(first + index) }))
  await tx.insert(cartLines).values(rows)
}

const fate = {
  id: carts.id,
  owner: { kind: carts.ownerKind, id: carts.ownerId },
  state: carts.state,
  mergedInto: carts.mergedInto,
}

const versionOf = (row: { version: number } | undefined): number => {
  if (row === undefined) throw new Error('A cart that was locked is not there')
  return row.version
}
