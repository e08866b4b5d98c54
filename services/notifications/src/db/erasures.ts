import { redactedEmail } from '@comptoir/contracts/redacted'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { and, eq, sql } from 'drizzle-orm'
import { erasedSubjects, messages } from './schema.ts'

export const noteErased = async (tx: Transaction, id: string): Promise<void> => {
  await tx.insert(erasedSubjects).values({ id }).onConflictDoNothing()
}

export const isErased = async (tx: Transaction, id: string | null): Promise<boolean> => {
  if (id === null) return false
  const rows = await tx
    .select({ id: erasedSubjects.id })
    .from(erasedSubjects)
    .where(eq(erasedSubjects.id, id))
  return rows.length > 0
}

/** Gives up what is queued for somebody and has not been tried yet. */
export const dropMessagesOf = async (tx: Transaction, userId: string): Promise<void> => {
  await tx
    .update(messages)
    .set({ state: 'failed', runAt: null, lastError: 'erased' })
    .where(and(eq(messages.userId, userId), eq(messages.state, 'queued')))
}

/**
 * Redacts the messages about what was erased in the last three days, within which every message has ended, one way or the
 * other; those that are still being sent follow. Tells whether there may be more.
 */
export const redactMessages = async (db: Database, limit: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    update messages set recipient = ${redactedEmail},
      payload = case when payload ? 'name' then payload || '{"name": ""}'::jsonb else payload end
    where id in (
      select message.id from erased_subjects erased
      join messages message on message.order_id = erased.id or message.user_id = erased.id
      where erased.erased_at > now() - interval '3 days' and message.run_at is null
        and message.recipient <> ${redactedEmail}
      limit ${limit})
    returning id`)
  return rows.length === limit
}
