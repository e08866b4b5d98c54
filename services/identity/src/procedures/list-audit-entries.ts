import type { identity } from '@comptoir/contracts/identity/procedures'
import { decodeCursor, defaultLimit, encodeCursor } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listEntries, type StoredEntry } from '../db/audit-entries.ts'

export const listAuditEntries: Procedure<typeof identity.listAuditEntries, Context> = async ({
  ctx,
  input,
}) => {
  const { actor, target, cursor, limit = defaultLimit } = input
  const before = cursor === undefined ? undefined : decodeCursor(cursor, 1)?.[0]
  if (cursor !== undefined && !Number.isSafeInteger(before)) throw ctx.fail('CURSOR_INVALID')
  const entries = await listEntries(ctx.db, { actor, target, before: Number(before ?? 0), limit: limit + 1 })
  const shown = entries.slice(0, limit)
  const last = entries.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(toShown), nextCursor: last === undefined ? null : encodeCursor([last.sequence]) }
}

const toShown = ({ at, facts, ...entry }: StoredEntry) => ({
  ...entry,
  at: at.toISOString(),
  facts: Object.entries(facts).map(([name, value]) => ({ name, value: String(value) })),
})
