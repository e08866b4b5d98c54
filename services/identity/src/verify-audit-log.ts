import type { Database } from '@comptoir/service-kit/database'
import { entriesAfter, type StoredEntry } from './db/audit-entries.ts'
import { hashOf } from './security/audit-hash.ts'

/** An entry by its place and its hash, as an operator keeps it elsewhere. */
export interface Mark {
  readonly sequence: number
  readonly hash: string
}

export interface AuditVerdict {
  /** The last entry that fits. */
  readonly head: Mark
  /** The first that does not. */
  readonly fault?: { readonly sequence: number; readonly reason: string }
}

const batch = 1_000

/**
 * Reads the whole log and checks that each entry follows the one before it and is as it was written. The chain alone
 * does not tell that its end was cut off, nor that all of it was written anew; that the log still holds a mark taken
 * before tells both.
 */
export const verifyAuditLog = async (db: Database, expected?: Mark): Promise<AuditVerdict> => {
  let head: Mark = { sequence: 0, hash: '' }
  for (;;) {
    const entries = await entriesAfter(db, head.sequence, batch)
    for (const entry of entries) {
      const fault = faultOf(entry, head, expected)
      if (fault !== undefined) return { head, fault }
      head = entry
    }
    if (entries.length < batch) break
  }
  if (expected === undefined || expected.sequence <= head.sequence) return { head }
  return {
    head,
    fault: { sequence: head.sequence + 1, reason: 'is missing: the end of the log was cut off' },
  }
}

const faultOf = (entry: StoredEntry, before: Mark, expected: Mark | undefined): AuditVerdict['fault'] => {
  const sequence = before.sequence + 1
  if (entry.sequence !== sequence) return { sequence, reason: 'is missing' }
  if (entry.previousHash !== before.hash) return { sequence, reason: 'does not follow the one before it' }
  if (hashOf(entry) !== entry.hash) return { sequence, reason: 'is not as it was written' }
  if (expected?.sequence === sequence && expected.hash !== entry.hash)
    return { sequence, reason: 'is another one than was expected' }
  return undefined
}
