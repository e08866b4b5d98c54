import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { AuditAction, AuditEntry, AuditFacts } from '../domain/audit-entry.ts'
import { hashOf } from '../security/audit-hash.ts'
import { auditEntries } from './schema/audit.ts'

export type StoredEntry = AuditEntry & { readonly hash: string }

const columns = {
  sequence: auditEntries.sequence,
  at: auditEntries.at,
  actorKind: auditEntries.actorKind,
  actorId: auditEntries.actorId,
  action: sql<AuditAction>`${auditEntries.action}`,
  target: auditEntries.target,
  facts: auditEntries.facts,
  previousHash: auditEntries.previousHash,
  hash: auditEntries.hash,
}

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

/** Entries, newest first; `before` is the sequence that they come before, or 0. */
export const listEntries = (
  db: Queryable,
  filter: { actor?: string | undefined; target?: string | undefined; before: number; limit: number },
): Promise<StoredEntry[]> =>
  db
    .select(columns)
    .from(auditEntries)
    .where(
      and(
        filter.actor === undefined ? undefined : eq(auditEntries.actorId, filter.actor),
        filter.target === undefined ? undefined : eq(auditEntries.target, filter.target),
        filter.before > 0 ? lt(auditEntries.sequence, filter.before) : undefined,
      ),
    )
    .orderBy(desc(auditEntries.sequence))
    .limit(filter.limit)

/** Entries in the order in which they were written, after a sequence. */
export const entriesAfter = (db: Queryable, sequence: number, limit: number): Promise<StoredEntry[]> =>
  db
    .select(columns)
    .from(auditEntries)
    .where(gt(auditEntries.sequence, sequence))
    .orderBy(asc(auditEntries.sequence))
    .limit(limit)
