/** Machines of others: keys, and programs that speak OAuth 2.0. */
import { z } from 'zod'
import { Scope } from '../access.ts'
import { line, Timestamp } from '../text.ts'

/** A network as CIDR (RFC 4632), such as 203.0.113.0/24 or 2001:db8::/32. */
export const Network = z
  .string()
  .max(64)
  .regex(
    new RegExp(`^(?:${z.regexes.cidrv4.source.slice(1, -1)}|${z.regexes.cidrv6.source.slice(1, -1)})$`),
    'Expected a network such as 203.0.113.0/24',
  )

export const ApiKeyId = z.uuid().describe('The id of an API key').brand<'api key'>()
export type ApiKeyId = z.infer<typeof ApiKeyId>

export const NewApiKey = z.strictObject({
  name: line(100),
  scopes: z.array(Scope).min(1).max(Scope.options.length),
  networks: z.array(Network).max(32).optional().describe('Where it may be shown from; anywhere unless told'),
  expiresAt: Timestamp.optional().describe('When it ends; never unless told'),
})

export const ApiKey = z.object({
  id: ApiKeyId,
  name: z.string(),
  hint: z.string().describe('The last four characters of the key'),
  scopes: z.array(Scope),
  networks: z.array(z.string()),
  createdBy: z.uuid(),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable().describe('To the minute'),
  revokedAt: Timestamp.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('Goes into `Authorization: Bearer`; told now and never again'),
})

/** A key as the edge needs to know it. */
export const ResolvedApiKey = z.object({
  id: ApiKeyId,
  scopes: z.array(Scope),
  networks: z.array(z.string()),
  expiresAt: Timestamp.nullable(),
})
export type ResolvedApiKey = z.infer<typeof ResolvedApiKey>

export const ApiClientId = z.uuid().describe('The id of an API client; its client_id').brand<'api client'>()
export type ApiClientId = z.infer<typeof ApiClientId>

/** RFC 6749, 2.1: whether it can keep a secret. */
export const ApiClientType = z.enum(['confidential', 'public'])

export const NewApiClient = z.strictObject({
  name: line(100).describe('What people are told who asks for their consent'),
  type: ApiClientType,
  actsForItself: z.boolean().optional().describe('By client credentials; confidential clients only'),
  redirectUris: z
    .array(z.string().min(1).max(512))
    .max(10)
    .optional()
    .describe('Where people are sent back to; a client that has any acts for people, by authorization codes'),
  scopes: z.array(Scope).min(1).max(Scope.options.length),
})
export type NewApiClient = z.infer<typeof NewApiClient>

export const ApiClient = z.object({
  id: ApiClientId,
  name: z.string(),
  type: ApiClientType,
  actsForItself: z.boolean(),
  redirectUris: z.array(z.string()),
  scopes: z.array(Scope),
  createdBy: z.uuid(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable().describe('To the minute'),
  revokedAt: Timestamp.nullable(),
})
export type ApiClient = z.infer<typeof ApiClient>

export const CreatedApiClient = ApiClient.extend({
  secret: z
    .string()
    .nullable()
    .describe('The client_secret of a confidential client; told now and never again'),
})
