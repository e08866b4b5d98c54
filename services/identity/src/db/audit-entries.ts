import type { Transaction } from '@comptoir/service-kit/database'
import { desc, sql } from 'drizzle-orm'
import type { AuditFacts } from '../domain/audit-entry.ts'
import { hashOf } from '../security/audit-hash.ts'
import { auditEntries } from './schema/audit.ts'

/**
 * Appends to the chain. Whoever else appends waits until the transaction ends, so call it last; an entry that is not
 * committed leaves no gap.
 */
export const appendAuditEntry = async (tx: Transaction, at: Date, facts: AuditFacts): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('identity.audit_entries'))`)
  const [last] = await tx
    .select({ sequence: auditEntries.sequence, hash: auditEntries.hash })
    .from(auditEntries)
    .orderBy(desc(auditEntries.sequence))
    .limit(1)
  const entry = { ...facts, at, sequence: (last?.sequence ?? 0) + 1, previousHash: last?.hash ?? '' }
  await tx.insert(auditEntries).values({ ...entry, hash: hashOf(entry) })
}
