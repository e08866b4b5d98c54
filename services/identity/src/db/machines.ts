// What keys and clients have in common: somebody has made them, and they end.
import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, gt, isNull, or } from 'drizzle-orm'
import { apiClients, apiKeys } from './schema/clients.ts'

const tables = { key: apiKeys, client: apiClients } as const
export type MachineKind = keyof typeof tables

/** Ends a key or a client; `ended` where this did it, `over` where it was over before, `unknown` where there is none. */
export const endMachine = async (
  tx: Transaction,
  kind: MachineKind,
  { id, at }: { id: string; at: Date },
): Promise<'ended' | 'over' | 'unknown'> => {
  const table = tables[kind]
  const ended = await tx
    .update(table)
    .set({ revokedAt: at })
    .where(and(eq(table.id, id), isNull(table.revokedAt)))
    .returning({ id: table.id })
  if (ended.length === 1) return 'ended'
  const known = await tx.select({ id: table.id }).from(table).where(eq(table.id, id))
  return known.length === 1 ? 'over' : 'unknown'
}

/** The keys or clients that somebody has made and that work, newest first. A client never ends by itself. */
export const listWorkingMachines = (
  tx: Transaction,
  kind: MachineKind,
  { userId, now, limit }: { userId: UserId; now: Date; limit?: number },
): Promise<{ id: string; name: string }[]> => {
  const table = tables[kind]
  const isYoung = table === apiKeys ? or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)) : undefined
  const query = tx
    .select({ id: table.id, name: table.name })
    .from(table)
    .where(and(eq(table.createdBy, userId), isNull(table.revokedAt), isYoung))
    .orderBy(desc(table.createdAt), desc(table.id))
  return limit === undefined ? query : query.limit(limit)
}
