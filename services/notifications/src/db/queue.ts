import type { Channel } from '@comptoir/contracts/notifications/model'
import type { Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Settlement } from '../domain/outcome.ts'
import { messages } from './schema.ts'

type Row = typeof messages.$inferSelect

/** A message this process may send until its lease ends. */
export type Claimed = Pick<
  Row,
  | 'id'
  | 'channel'
  | 'recipient'
  | 'locale'
  | 'payload'
  | 'traceparent'
  | 'attempts'
  | 'leaseEpoch'
  | 'firstAttemptAt'
> & {
  /** Nobody knows how the try before ended: it said so, or its sender died over it. */
  readonly inDoubt: boolean
}

/**
 * Claims messages that are due, oldest first. A try whose sender died over it is taken up again as the same try: deaths
 * say nothing of the message. Time is the database's, so that two senders whose clocks differ cannot
 * hold one message; what another sender is claiming at this moment is passed over.
 */
export const claimDue = async (
  tx: Transaction,
  want: { channel: Channel; limit: number; leaseMs: number },
): Promise<Claimed[]> => {
  const due = await tx
    .select({
      id: messages.id,
      channel: messages.channel,
      recipient: messages.recipient,
      locale: messages.locale,
      payload: messages.payload,
      traceparent: messages.traceparent,
      attempts: messages.attempts,
      leaseEpoch: messages.leaseEpoch,
      firstAttemptAt: messages.firstAttemptAt,
      state: messages.state,
    })
    .from(messages)
    .where(and(eq(messages.channel, want.channel), lte(messages.runAt, sql`now()`)))
    .orderBy(asc(messages.runAt))
    .limit(want.limit)
    .for('update', { skipLocked: true })
  if (due.length === 0) return []
  await tx
    .update(messages)
    .set({
      state: 'sending',
      attempts: sql`${messages.attempts} + case when ${messages.state} = 'sending' then 0 else 1 end`,
      leaseEpoch: sql`${messages.leaseEpoch} + 1`,
      firstAttemptAt: sql`coalesce(${messages.firstAttemptAt}, now())`,
      runAt: inMs(want.leaseMs),
    })
    .where(
      inArray(
        messages.id,
        due.map((row) => row.id),
      ),
    )
  return due.map(({ state, ...row }) => ({
    ...row,
    attempts: state === 'sending' ? row.attempts : row.attempts + 1,
    leaseEpoch: row.leaseEpoch + 1,
    inDoubt: state === 'unknown' || state === 'sending',
  }))
}

/** Writes how a try ended; false when the lease was lost meanwhile, and then nothing is written. */
export const saveSettlement = async (
  tx: Transaction,
  claimed: Claimed,
  done: Settlement & { providerId: string | null; error: string | null; at: Date },
): Promise<boolean> => {
  const rows = await tx
    .update(messages)
    .set({
      state: done.state,
      runAt: done.retryInMs === null ? null : inMs(done.retryInMs),
      providerId: done.providerId,
      lastError: done.error,
      sentAt: done.state === 'sent' ? done.at : null,
    })
    .where(and(eq(messages.id, claimed.id), eq(messages.leaseEpoch, claimed.leaseEpoch)))
    .returning({ id: messages.id })
  return rows.length === 1
}

const inMs = (ms: number) => sql`now() + make_interval(secs => ${ms / 1000}::double precision)`
