import type { Scope } from '@comptoir/contracts/access'
import type { ApiClient, ApiClientId } from '@comptoir/contracts/identity/machine-model'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import { apiClients } from './schema/clients.ts'

export type NewClient = Omit<typeof apiClients.$inferSelect, 'lastUsedAt' | 'revokedAt'>

const columns = {
  id: sql<ApiClientId>`${apiClients.id}`,
  name: apiClients.name,
  redirectUris: apiClients.redirectUris,
  scopes: apiClients.scopes,
  actsForItself: apiClients.actsForItself,
}

export const insertApiClient = async (tx: Transaction, client: NewClient): Promise<void> => {
  await tx.insert(apiClients).values(client)
}

export interface Client {
  readonly id: ApiClientId
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly scopes: readonly Scope[]
  readonly actsForItself: boolean
  readonly secretHash: string | null
}

/** A client that is not revoked, and is not while the transaction lasts. */
export const holdApiClient = async (tx: Transaction, id: ApiClientId): Promise<Client | undefined> => {
  const [row] = await tx
    .select({ ...columns, secretHash: apiClients.secretHash })
    .from(apiClients)
    .where(and(eq(apiClients.id, id), isNull(apiClients.revokedAt)))
    .for('share')
  return row
}

/** A page of clients, newest first, after the client `after`. */
export const selectApiClients = async (
  db: Queryable,
  { after, limit }: { after: ApiClientId | undefined; limit: number },
): Promise<ApiClient[]> => {
  const rows = await db
    .select({
      ...columns,
      isPublic: sql<boolean>`${apiClients.secretHash} is null`,
      createdBy: apiClients.createdBy,
      createdAt: apiClients.createdAt,
      lastUsedAt: apiClients.lastUsedAt,
      revokedAt: apiClients.revokedAt,
    })
    .from(apiClients)
    // Ids rise with time.
    .where(after === undefined ? undefined : lt(apiClients.id, after))
    .orderBy(desc(apiClients.createdAt), desc(apiClients.id))
    .limit(limit)
  return rows.map(({ isPublic, ...row }) => ({
    ...row,
    type: isPublic ? 'public' : 'confidential',
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }))
}
