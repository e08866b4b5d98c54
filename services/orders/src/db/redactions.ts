import type { OrderId, UserId } from '@comptoir/contracts/ids'
import { redactedAddress, redactedContact } from '@comptoir/contracts/redacted'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { noteRedaction, redactAnswers } from '@comptoir/service-kit/redact-kept'
import { and, eq, sql } from 'drizzle-orm'
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

// What was paid for a cancelled order is given back first, and its letters are on their way once its events are.
const redactable = sql`erasure = 'due'
  and (status = 'delivered'
    or status = 'cancelled' and payment_status not in ('authorized', 'paid', 'partially_refunded'))
  and not exists (
    select from outbox where aggregate = 'order' and aggregate_id = orders.id::text and published_at is null)`

/** Orders whose owners were erased and that nobody needs their contact for any more. */
export const findRedactable = (db: Database, limit: number): Promise<{ id: OrderId }[]> =>
  db.select({ id: orders.id }).from(orders).where(redactable).limit(limit)

/** Takes contact and address out of an order, but for the country, which its tax depended on; its version. */
export const redactOrder = async (tx: Transaction, id: OrderId): Promise<number | undefined> => {
  const [row] = await tx
    .update(orders)
    .set({
      contact: redactedContact,
      address: sql`${JSON.stringify(redactedAddress)}::jsonb || jsonb_build_object('country', ${orders.address}->'country')`,
      erasure: 'done',
    })
    .where(and(eq(orders.id, id), redactable))
    .returning({ version: orders.version, placedAt: orders.placedAt, address: orders.address })
  if (row === undefined) return undefined
  const redaction = { id, fields: { contact: redactedContact, address: row.address } }
  await noteRedaction(tx, redaction, 'order')
  // The claim of the key is older than the order.
  await redactAnswers(tx, new Date(row.placedAt.getTime() - 24 * 60 * 60_000), redaction)
  return row.version
}
