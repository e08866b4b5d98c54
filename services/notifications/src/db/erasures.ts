import { redactedEmail } from '@comptoir/contracts/redacted'
import type { Database, Transaction } from '@comptoir/service-kit/database'
import { redacted } from '@comptoir/service-kit/redact-kept'
import { and, eq, notInArray, sql } from 'drizzle-orm'
import { warnings } from '../domain/messages.ts'
import { erasedSubjects, messages } from './schema.ts'

export const noteErased = async (tx: Transaction, id: string): Promise<void> => {
  await tx.insert(erasedSubjects).values({ id }).onConflictDoNothing()
}

/** Whether it was erased. Then what is told of it after all is redacted in the three days that follow. */
export const renewErasure = async (tx: Transaction, id: string): Promise<boolean> => {
  const renewed = await tx
    .update(erasedSubjects)
    .set({ erasedAt: sql`now()` })
    .where(eq(erasedSubjects.id, id))
    .returning({ id: erasedSubjects.id })
  return renewed.length > 0
}

/** Gives up what is queued for somebody and has not been tried yet, but for warnings. */
export const dropMessagesOf = async (tx: Transaction, userId: string): Promise<void> => {
  await tx
    .update(messages)
    .set({ state: 'failed', runAt: null, lastError: 'erased' })
    .where(
      and(
        eq(messages.userId, userId),
        eq(messages.state, 'queued'),
        notInArray(messages.template, [...warnings]),
      ),
    )
}

/** What people chose themselves, or what says where else they are known. */
const personal = { name: '', providers: [], machines: [] }

/**
 * Redacts the messages about what was erased in the last three days, within which every message has ended, one way or the
 * other; those that are still being sent follow. Tells whether there may be more.
 */
export const redactMessages = async (db: Database, limit: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    update messages set recipient = ${redactedEmail}, payload = ${redacted(sql`payload`, personal)}
    where id in (
      select message.id from erased_subjects erased
      join messages message on message.order_id = erased.id or message.user_id = erased.id
      where erased.erased_at > now() - interval '3 days' and message.run_at is null
        and message.recipient <> ${redactedEmail}
      limit ${limit})
    returning id`)
  return rows.length === limit
}
