/** Programs of third parties that speak OAuth 2.0. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { ApiClient, ApiClientId, CreatedApiClient, NewApiClient } from './machine-model.ts'

export const apiClientProcedures = {
  createApiClient: mutation({
    summary: 'Register a program of a third party; its secret is told once',
    access: 'clients:write',
    fresh: true,
    http: { method: 'POST', path: '/v1/api-clients', status: 201 },
    input: NewApiClient,
    output: CreatedApiClient,
    errors: {
      SCOPES_NOT_GRANTABLE: {
        status: 403,
        message: 'A client can be given no right over people or keys, and for itself only what you have.',
      },
    },
  }),
  listApiClients: query({
    summary: 'Programs of third parties, newest first, those that were revoked too',
    access: 'clients:write',
    http: { method: 'GET', path: '/v1/api-clients' },
    input: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: pageOf(ApiClient),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  revokeApiClient: mutation({
    summary: 'End a client with all that people let it do; within seconds its tokens open nothing any more',
    access: 'clients:write',
    fresh: true,
    http: { method: 'DELETE', path: '/v1/api-clients/{clientId}', status: 204 },
    input: z.strictObject({ clientId: ApiClientId }),
    output: z.null(),
    errors: { API_CLIENT_NOT_FOUND: { status: 404, message: 'There is no such client.' } },
  }),
}
