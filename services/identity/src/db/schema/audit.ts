import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/**
 * Who did what, for ever. Each row holds the hash of the one before it, so that none can be changed or taken out unseen;
 * a trigger refuses to try. No personal data: ids only.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    sequence: bigint({ mode: 'number' }).primaryKey(),
    at: moment().notNull(),
    actorKind: text().notNull(),
    actorId: text().notNull(),
    action: text().notNull(),
    target: text().notNull(),
    facts: jsonb().$type<Readonly<Record<string, string | number | boolean | readonly string[]>>>().notNull(),
    previousHash: text().notNull(),
    hash: text().notNull(),
  },
  (table) => [
    // Serves listAuditEntries by actor.
    index('audit_entries_actor_idx').on(table.actorId, table.sequence.desc()),
    // Serves listAuditEntries by target.
    index('audit_entries_target_idx').on(table.target, table.sequence.desc()),
  ],
)
