import { createApiKey } from './procedures/create-api-key.ts'
import { listApiKeys } from './procedures/list-api-keys.ts'
import { resolveApiKey } from './procedures/resolve-api-key.ts'
import { revokeApiKey } from './procedures/revoke-api-key.ts'

/** What there is for machines of others. */
export const machineProcedures = { createApiKey, listApiKeys, revokeApiKey, resolveApiKey }
