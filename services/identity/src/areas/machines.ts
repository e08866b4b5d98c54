import { createApiClient } from '../procedures/create-api-client.ts'
import { createApiKey } from '../procedures/create-api-key.ts'
import { listApiClients } from '../procedures/list-api-clients.ts'
import { listApiKeys } from '../procedures/list-api-keys.ts'
import { resolveApiKey } from '../procedures/resolve-api-key.ts'
import { revokeApiClient } from '../procedures/revoke-api-client.ts'
import { revokeApiKey } from '../procedures/revoke-api-key.ts'

const keys = { createApiKey, listApiKeys, revokeApiKey, resolveApiKey }
const clients = { createApiClient, listApiClients, revokeApiClient }

/** What there is for machines of others. */
export const machineArea = { ...keys, ...clients }
