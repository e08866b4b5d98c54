import { type Actor, isAccount, type Scope, seesAll } from '@comptoir/contracts/access'
import type { CartId, OrderId } from '@comptoir/contracts/ids'
import type { Database, Queryable, Transaction } from '@comptoir/service-kit/database'
import { given, prepared } from '@comptoir/service-kit/prepared'
import { and, eq, notInArray, type SQL, sql } from 'drizzle-orm'
import type { OrderState } from '../domain/order.ts'
import { orderColumns, orderFromRow } from './order-rows.ts'
import { orders } from './schema.ts'

/** The orders an actor may reach: their own, or everybody's with the scope. The WHERE clause is the check. */
export const reach = (actor: Actor, scope: Scope): SQL | undefined =>
  seesAll(actor, scope) ? undefined : ownedBy(actor)

/** The orders that an actor placed. */
export const ownedBy = (actor: Actor): SQL | undefined =>
  and(eq(orders.ownerKind, isAccount(actor) ? 'customer' : 'guest'), eq(orders.ownerId, actor.id))

const selectById = (db: Database) =>
  db
    .select(orderColumns)
    .from(orders)
    .where(eq(orders.id, sql.placeholder('id')))
const byId = prepared(selectById)
const lockById = prepared((db) => selectById(db).for('update', { of: orders }))

/** The order, if there is one that `within` lets through. */
export const findOrder = async (
  db: Queryable,
  id: OrderId,
  within?: SQL,
): Promise<OrderState | undefined> => {
  const [row] =
    within === undefined
      ? await byId(db, { id })
      : await db
          .select(orderColumns)
          .from(orders)
          .where(and(eq(orders.id, id), within))
  return row && orderFromRow(row)
}

export const findOrderOfCart = async (db: Queryable, cartId: CartId): Promise<OrderState | undefined> => {
  const [row] = await db.select(orderColumns).from(orders).where(eq(orders.cartId, cartId))
  return row && orderFromRow(row)
}

/**
 * The order with its row locked until the transaction ends. Steps are read by a statement of their own afterwards: one
 * that waited for this lock still sees the rest of the database as it was before the wait.
 */
export const lockOrder = async (
  tx: Transaction,
  id: OrderId,
  within?: SQL,
): Promise<OrderState | undefined> => {
  const [row] =
    within === undefined
      ? await lockById(tx, { id })
      : await tx
          .select(orderColumns)
          .from(orders)
          .where(and(eq(orders.id, id), within))
          .for('update', { of: orders })
  return row && orderFromRow(row)
}

const update = prepared((db) =>
  db
    .update(orders)
    .set(
      given(orders, [
        'status',
        'paymentStatus',
        'deliveryStatus',
        'attention',
        'cancelReason',
        'version',
        'moneyReturned',
        'paymentVersion',
        'deliveryVersion',
        'updatedAt',
      ]),
    )
    .where(and(eq(orders.id, sql.placeholder('id')), eq(orders.version, sql.placeholder('versionBefore'))))
    .returning({ id: orders.id }),
)

/** Writes what a change did to the order's own row. Throws when somebody else moved the order meanwhile. */
export const updateOrder = async (tx: Transaction, before: OrderState, next: OrderState): Promise<void> => {
  const updatedAt = new Date(next.updatedAt)
  const updated = await update(tx, { ...next, id: before.id, updatedAt, versionBefore: before.version })
  if (updated.length === 0) throw new Error(`Order ${before.id} is not in version ${before.version} any more`)
}

export const findStatus = async (
  db: Queryable,
  id: OrderId,
  within?: SQL,
): Promise<OrderState['status'] | undefined> => {
  const [row] = await db
    .select({ status: orders.status })
    .from(orders)
    .where(and(eq(orders.id, id), within))
  return row?.status
}

/** Notes why a person has to look at a live order. False when that is known already. */
export const setAttention = async (tx: Transaction, id: OrderId, attention: string): Promise<boolean> => {
  const updated = await tx
    .update(orders)
    .set({ attention })
    .where(
      and(
        eq(orders.id, id),
        notInArray(orders.status, ['delivered', 'cancelled']),
        sql`attention is distinct from ${attention}`,
      ),
    )
    .returning({ id: orders.id })
  return updated.length > 0
}
