import type { OrderId, UserId } from '@comptoir/contracts/ids'
import { redactedAddress, redactedContact } from '@comptoir/contracts/redacted'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { noteRedaction, redactAnswers } from '@comptoir/service-kit/redact-kept'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Ending } from '../domain/forgetting.ts'
import { erasedOwners, orders } from './schema.ts'

export const noteErased = async (tx: Transaction, ownerId: UserId): Promise<void> => {
  await tx.insert(erasedOwners).values({ ownerId }).onConflictDoNothing()
}

/**
 * Marks the orders of those who were erased in the last day. Again and again, because an order that was being placed
 * meanwhile may be committed after the erasure was heard of; tokens from before are over within a minute.
 */
export const markErasures = async (db: Database): Promise<void> => {
  await db.execute(sql`
    update orders set erasure = 'due'
    from erased_owners erased
    where erased.erased_at > now() - interval '1 day' and orders.owner_kind = 'customer'
      and orders.owner_id = erased.owner_id and orders.erasure is null`)
}

const endings = {
  id: orders.id,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  deliveryStatus: orders.deliveryStatus,
  attention: orders.attention,
  moneyReturned: orders.moneyReturned,
  quietDays: sql<number>`extract(day from now() - ${orders.updatedAt})::int`,
}
const isDue = sql`erasure = 'due'`

export interface Erasure extends Ending {
  readonly id: OrderId
}

/** Orders whose owners were erased, after the order `after`. */
export const findErasures = (db: Database, after: OrderId | undefined, limit: number): Promise<Erasure[]> =>
  db
    .select(endings)
    .from(orders)
    .where(and(isDue, after && gt(orders.id, after)))
    .orderBy(asc(orders.id))
    .limit(limit)

/** How one of them is, with its row locked; undefined where another process has redacted it. */
export const lockErasure = async (tx: Transaction, id: OrderId): Promise<Ending | undefined> => {
  const [row] = await tx
    .select(endings)
    .from(orders)
    .where(and(eq(orders.id, id), isDue))
    .for('update')
  return row
}

/** Takes contact and address out of a locked order, but for the country, which its tax depended on; its version. */
export const redactOrder = async (tx: Transaction, id: OrderId): Promise<number> => {
  const [row] = await tx
    .update(orders)
    .set({
      contact: redactedContact,
      address: sql`${JSON.stringify(redactedAddress)}::jsonb || jsonb_build_object('country', ${orders.address}->'country')`,
      erasure: 'done',
    })
    .where(eq(orders.id, id))
    .returning({ version: orders.version, address: orders.address })
  if (row === undefined) throw new Error(`There is no order ${id}`)
  const redaction = { id, fields: { contact: redactedContact, address: row.address } }
  await noteRedaction(tx, redaction, 'order')
  await redactAnswers(tx, redaction)
  return row.version
}
