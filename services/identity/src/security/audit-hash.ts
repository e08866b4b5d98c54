import { createHash } from 'node:crypto'
import type { AuditEntry } from '../domain/audit-entry.ts'

/** The hash of an entry. Names are sorted, because the database keeps no order of them. */
export const hashOf = (entry: AuditEntry): string => {
  const { sequence, at, actorKind, actorId, action, target, facts, previousHash } = entry
  const sorted = Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([
    sequence,
    at.toISOString(),
    actorKind,
    actorId,
    action,
    target,
    sorted,
    previousHash,
  ])
  return createHash('sha256').update(text).digest('hex')
}
