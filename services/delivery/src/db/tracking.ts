import type { ShipmentId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import { type CarrierEvent, rankOf } from '../domain/tracking.ts'
import { fromNow } from './from-now.ts'
import { carrierWebhooks, trackingEvents, type WebhookOutcome } from './schema.ts'

/** The parcel's story as the carrier told it, by the moments when it happened. */
export const listTracking = (
  queryable: Queryable,
  shipmentId: ShipmentId,
): Promise<Pick<CarrierEvent, 'status' | 'description' | 'at'>[]> =>
  queryable
    .select({
      status: trackingEvents.status,
      description: trackingEvents.description,
      at: trackingEvents.at,
    })
    .from(trackingEvents)
    .where(eq(trackingEvents.shipmentId, shipmentId))
    .orderBy(asc(trackingEvents.at), asc(trackingEvents.rank))

/** Writes an event into the log; false when it is there already. */
export const logTracking = async (
  tx: Transaction,
  logged: { shipmentId: ShipmentId; event: CarrierEvent; applied: boolean },
): Promise<boolean> => {
  const { shipmentId, event, applied } = logged
  const inserted = await tx
    .insert(trackingEvents)
    .values({
      providerEventId: event.id,
      shipmentId,
      status: event.status,
      rank: rankOf(event.status),
      description: event.description,
      at: event.at,
      applied,
      createdAt: sql`now()`,
    })
    .onConflictDoNothing()
    .returning({ id: trackingEvents.providerEventId })
  return inserted.length > 0
}

/** Keeps a webhook; false when it came before. */
export const keepWebhook = async (
  tx: Transaction,
  webhook: { eventId: string; body: string },
): Promise<boolean> => {
  const { eventId, body } = webhook
  const kept = await tx
    .insert(carrierWebhooks)
    .values({ eventId, body, notBefore: sql`now()`, createdAt: sql`now()` })
    .onConflictDoNothing()
    .returning({ eventId: carrierWebhooks.eventId })
  return kept.length > 0
}

export interface KeptWebhook {
  readonly eventId: string
  readonly body: string
  readonly tries: number
}

/** The next webhook to be worked on; nobody else gets it while the transaction is open. */
export const nextWebhook = async (tx: Transaction): Promise<KeptWebhook | undefined> => {
  const [next] = await tx
    .select({
      eventId: carrierWebhooks.eventId,
      body: carrierWebhooks.body,
      tries: carrierWebhooks.tries,
    })
    .from(carrierWebhooks)
    .where(and(isNull(carrierWebhooks.processedAt), lte(carrierWebhooks.notBefore, sql`now()`)))
    .orderBy(asc(carrierWebhooks.notBefore))
    .limit(1)
    .for('update', { skipLocked: true })
  return next
}

export const settleWebhook = async (
  tx: Transaction,
  eventId: string,
  outcome: WebhookOutcome,
): Promise<void> => {
  await tx
    .update(carrierWebhooks)
    .set({ processedAt: sql`now()`, outcome })
    .where(eq(carrierWebhooks.eventId, eventId))
}

export const deferWebhook = async (
  tx: Transaction,
  eventId: string,
  { tries, afterMs }: { tries: number; afterMs: number },
): Promise<void> => {
  await tx
    .update(carrierWebhooks)
    .set({ tries, notBefore: fromNow(afterMs) })
    .where(eq(carrierWebhooks.eventId, eventId))
}

/** Deletes at most `limit` webhooks that were worked on over 30 days ago; tells how many. */
export const deleteOldWebhooks = async (db: Queryable, limit: number): Promise<number> => {
  const old = db
    .select({ eventId: carrierWebhooks.eventId })
    .from(carrierWebhooks)
    .where(lt(carrierWebhooks.processedAt, sql`now() - interval '30 days'`))
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .delete(carrierWebhooks)
    .where(inArray(carrierWebhooks.eventId, old))
    .returning({ eventId: carrierWebhooks.eventId })
  return rows.length
}
