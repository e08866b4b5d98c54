import type { ApiKey, ApiKeyId, ResolvedApiKey } from '@comptoir/contracts/identity/machine-model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import { apiKeys } from './schema/clients.ts'

export type NewKey = Omit<typeof apiKeys.$inferSelect, 'lastUsedAt' | 'revokedAt'>

const columns = {
  id: sql<ApiKeyId>`${apiKeys.id}`,
  name: apiKeys.name,
  hint: apiKeys.hint,
  scopes: apiKeys.scopes,
  networks: apiKeys.networks,
  createdBy: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
}

export const insertApiKey = async (tx: Transaction, key: NewKey): Promise<void> => {
  await tx.insert(apiKeys).values(key)
}

/** A page of keys, newest first, after the key `after`. */
export const selectApiKeys = async (
  db: Queryable,
  { after, limit }: { after: ApiKeyId | undefined; limit: number },
): Promise<ApiKey[]> => {
  const rows = await db
    .select(columns)
    .from(apiKeys)
    // Ids rise with time.
    .where(after === undefined ? undefined : lt(apiKeys.id, after))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }))
}

/** The key of a hash, unless it is over by `now`. */
export const findApiKey = async (
  db: Queryable,
  keyHash: string,
  now: Date,
): Promise<ResolvedApiKey | undefined> => {
  const [row] = await db
    .select({
      id: columns.id,
      scopes: apiKeys.scopes,
      networks: apiKeys.networks,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAt)))
  if (row === undefined || (row.expiresAt !== null && row.expiresAt <= now)) return undefined
  return { ...row, expiresAt: row.expiresAt?.toISOString() ?? null }
}
