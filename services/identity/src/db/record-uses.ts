import type { Queryable } from '@comptoir/service-kit/database'
import { sql } from 'drizzle-orm'
import { apiClients, apiKeys } from './schema/clients.ts'

/** Writes down when keys and clients were last used, by id: what was written less than a minute before stays. */
export const recordLastUses = async (
  db: Queryable,
  uses: readonly (readonly [id: string, at: Date])[],
): Promise<void> => {
  const rows = JSON.stringify(uses.map(([id, at]) => ({ id, at })))
  for (const table of [apiKeys, apiClients])
    await db.execute(sql`
      update ${table} as known set last_used_at = used.at
      from jsonb_to_recordset(${rows}::jsonb) as used (id uuid, at timestamptz)
      where known.id = used.id and (last_used_at is null or last_used_at < used.at - interval '1 minute')`)
}
