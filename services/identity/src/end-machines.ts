import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { endMachine, listWorkingMachines, type MachineKind } from './db/machines.ts'
import { insertRevocation } from './db/revocations.ts'
import { endSessionsOfClient } from './db/sessions.ts'
import type { AuditFacts } from './domain/audit-entry.ts'

/** Ends a key or a client, with all that people let a client do, and has the edge told. */
export const endMachineAt = async (
  tx: Transaction,
  kind: MachineKind,
  about: { id: string; at: Date },
): Promise<'ended' | 'over' | 'unknown'> => {
  const outcome = await endMachine(tx, kind, about)
  if (outcome !== 'ended') return outcome
  if (kind === 'client') await endSessionsOfClient(tx, about.id, about.at)
  // One for all: the edge looks at whom a token is for and at who acts with it.
  await insertRevocation(tx, { subject: about.id, session: null, rightsVersion: null })
  return outcome
}

/** What there is to write down of a key or a client that has ended with its maker's hold on an account. */
export type EndedMachine = Pick<AuditFacts, 'action' | 'target' | 'facts'>

/** The same with all that somebody, whom the transaction has locked, has made; what is to be written down of that last. */
export const endMachinesOf = async (
  ctx: Context,
  tx: Transaction,
  userId: UserId,
): Promise<EndedMachine[]> => {
  const at = ctx.clock.now()
  const ended: EndedMachine[] = []
  for (const kind of ['key', 'client'] as const)
    for (const { id } of await listWorkingMachines(tx, kind, { userId, now: at })) {
      const outcome = await endMachineAt(tx, kind, { id, at })
      if (outcome === 'ended') ended.push({ action: `${kind}.revoked`, target: id, facts: { by: 'reclaim' } })
    }
  return ended
}
