/** Keys of machines. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { ApiKey, ApiKeyId, CreatedApiKey, NewApiKey, ResolvedApiKey } from './machine-model.ts'

export const apiKeyProcedures = {
  createApiKey: mutation({
    summary: 'Make a key for a machine; it is told once, and outlives its maker’s password',
    access: 'clients:write',
    fresh: true,
    http: { method: 'POST', path: '/v1/api-keys', status: 201 },
    input: NewApiKey,
    output: CreatedApiKey,
    errors: {
      SCOPES_NOT_GRANTABLE: {
        status: 403,
        message: 'A machine can be given rights over things only, and of those the ones that you have.',
      },
    },
  }),
  listApiKeys: query({
    summary: 'Keys of machines, newest first, those that are over too',
    access: 'clients:write',
    http: { method: 'GET', path: '/v1/api-keys' },
    input: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: pageOf(ApiKey),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  revokeApiKey: mutation({
    summary: 'End a key; within seconds it opens nothing any more',
    access: 'clients:write',
    fresh: true,
    http: { method: 'DELETE', path: '/v1/api-keys/{keyId}', status: 204 },
    input: z.strictObject({ keyId: ApiKeyId }),
    output: z.null(),
    errors: { API_KEY_NOT_FOUND: { status: 404, message: 'There is no such key.' } },
  }),
  resolveApiKey: query({
    summary: 'Whose key this is the SHA-256 of; null where it opens nothing',
    access: 'internal',
    input: z.strictObject({ keyHash: z.string().regex(/^[\da-f]{64}$/) }),
    output: ResolvedApiKey.nullable(),
  }),
}
