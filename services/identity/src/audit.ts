import type { Actor } from '@comptoir/contracts/access'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { appendAuditEntry } from './db/audit-entries.ts'
import type { AuditFacts } from './domain/audit-entry.ts'

/** Writes down what an actor did, in the transaction that does it; the last thing that the transaction does. */
export const audit = (
  ctx: Context & { readonly actor: Actor },
  tx: Transaction,
  { action, target, facts = {} }: Pick<AuditFacts, 'action' | 'target'> & Partial<Pick<AuditFacts, 'facts'>>,
): Promise<void> => {
  const { kind, id, via } = ctx.actor
  const told = via === undefined ? facts : { ...facts, via }
  return appendAuditEntry(tx, ctx.clock.now(), { actorKind: kind, actorId: id, action, target, facts: told })
}
