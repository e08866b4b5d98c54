import type { PaymentProvider } from '@comptoir/contracts/payments/model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { given, prepared } from '@comptoir/service-kit/prepared'
import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { fromNow } from './from-now.ts'
import { providerWebhooks as webhooks } from './schema.ts'

interface NewWebhook {
  readonly provider: PaymentProvider
  readonly eventId: string
  readonly type: string
  readonly ref: string | null
  readonly raw: Readonly<Record<string, unknown>>
}

const insertNew = prepared((db) =>
  db
    .insert(webhooks)
    .values(given(webhooks, ['provider', 'eventId', 'type', 'ref', 'raw']))
    .onConflictDoNothing()
    .returning({ eventId: webhooks.eventId }),
)

/** Whether the event is new. */
export const insertWebhook = async (tx: Transaction, webhook: NewWebhook): Promise<boolean> =>
  (await insertNew(tx, { ...webhook })).length === 1

export interface DueWebhook {
  readonly eventId: string
  readonly ref: string | null
  readonly attempts: number
}

/** Takes events that are due, and keeps them from others for as long as a lease lasts. */
export const claimWebhooks = async (
  db: Queryable,
  provider: PaymentProvider,
  { leaseMs, limit }: { leaseMs: number; limit: number },
): Promise<DueWebhook[]> => {
  const due = db.$with('due').as(
    db
      .select({ eventId: webhooks.eventId })
      .from(webhooks)
      .where(
        and(eq(webhooks.provider, provider), isNull(webhooks.processedAt), sql`${webhooks.runAt} <= now()`),
      )
      .orderBy(webhooks.runAt)
      .limit(limit)
      .for('update', { skipLocked: true }),
  )
  return db
    .with(due)
    .update(webhooks)
    .set({ runAt: fromNow(leaseMs), attempts: sql`${webhooks.attempts} + 1` })
    .where(
      and(
        eq(webhooks.provider, provider),
        inArray(webhooks.eventId, db.select({ id: due.eventId }).from(due)),
      ),
    )
    .returning({ eventId: webhooks.eventId, ref: webhooks.ref, attempts: webhooks.attempts })
}

/** Marks events as worked on; `error` says why one was given up. */
export const settleWebhooks = async (
  db: Queryable,
  provider: PaymentProvider,
  { eventIds, error = null }: { eventIds: readonly string[]; error?: string | null },
): Promise<void> => {
  await db
    .update(webhooks)
    .set({ processedAt: sql`now()`, error })
    .where(and(eq(webhooks.provider, provider), inArray(webhooks.eventId, [...eventIds])))
}

export const postponeWebhooks = async (
  db: Queryable,
  provider: PaymentProvider,
  { eventIds, error, afterMs }: { eventIds: readonly string[]; error: string; afterMs: number },
): Promise<void> => {
  await db
    .update(webhooks)
    .set({ runAt: fromNow(afterMs), error })
    .where(and(eq(webhooks.provider, provider), inArray(webhooks.eventId, [...eventIds])))
}

/** Deletes at most `limit` events that were worked on over 30 days ago; tells how many. */
export const deleteOldWebhooks = async (
  db: Queryable,
  provider: PaymentProvider,
  limit: number,
): Promise<number> => {
  const ofProvider = eq(webhooks.provider, provider)
  const old = db
    .select({ eventId: webhooks.eventId })
    .from(webhooks)
    .where(and(ofProvider, lt(webhooks.processedAt, sql`now() - interval '30 days'`)))
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .delete(webhooks)
    .where(and(ofProvider, inArray(webhooks.eventId, old)))
    .returning({ eventId: webhooks.eventId })
  return rows.length
}
