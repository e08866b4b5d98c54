import type { Revocation } from '@comptoir/contracts/identity/model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq, gt, lt, sql } from 'drizzle-orm'
import { revocations } from './schema/sessions.ts'

export const insertRevocation = async (tx: Transaction, revocation: Revocation): Promise<void> => {
  const { subject, session, rightsVersion } = revocation
  await tx.insert(revocations).values({ subject, sessionId: session, rightsVersion })
}

/** Whether a session, or a token that belongs to none, was revoked while tokens of it may be alive. */
export const isRevoked = async (db: Queryable, session: string): Promise<boolean> => {
  const rows = await db
    .select({ id: revocations.id })
    .from(revocations)
    .where(eq(revocations.sessionId, session))
    .limit(1)
  return rows.length === 1
}

/** What was revoked after `since` by the database's clock, and what that says now. */
export const listRevocationsSince = async (
  db: Queryable,
  since: Date,
): Promise<{ now: Date; revocations: Revocation[] }> => {
  const [clock] = await db.execute<{ now: string }>(sql`select now()::text as now`)
  const rows = await db
    .select({
      subject: revocations.subject,
      session: revocations.sessionId,
      rightsVersion: revocations.rightsVersion,
    })
    .from(revocations)
    .where(gt(revocations.createdAt, since))
  return { now: new Date(clock?.now ?? ''), revocations: rows }
}

/** Deletes what was revoked before `before`: no token that it speaks of is alive. */
export const deleteOldRevocations = async (db: Queryable, before: Date): Promise<void> => {
  await db.delete(revocations).where(lt(revocations.createdAt, before))
}
