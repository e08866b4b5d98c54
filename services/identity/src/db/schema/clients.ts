import type { Scope } from '@comptoir/contracts/access'
import type { UserId } from '@comptoir/contracts/ids'
import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'
import { users } from './people.ts'

/** Programs of third parties that speak OAuth 2.0. */
export const apiClients = pgTable(
  'api_clients',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** The SHA-256 of its secret; a public client, such as an app on a phone, has none (RFC 6749, 2.1). */
    secretHash: text(),
    redirectUris: text().array().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    /** Whether it may act for itself (client credentials) and for people (authorization code). */
    actsForItself: boolean().notNull(),
    actsForPeople: boolean().notNull(),
    createdBy: uuid().$type<UserId>().notNull(),
    createdAt: moment().notNull(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (table) => [
    // Serves listApiClients.
    index('api_clients_created_idx').on(table.createdAt.desc(), table.id.desc()),
  ],
)

/** Keys of machines: 256 random bits each, of which the SHA-256 is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    keyHash: text().notNull(),
    /** The last four characters, by which people tell one from another. */
    hint: text().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    /** Networks that it may be shown from, as CIDR; from anywhere where there are none. */
    networks: text().array().notNull(),
    createdBy: uuid().$type<UserId>().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (table) => [
    // Serves findApiKey.
    uniqueIndex('api_keys_key_hash_key').on(table.keyHash),
    // Serves listApiKeys.
    index('api_keys_created_idx').on(table.createdAt.desc(), table.id.desc()),
  ],
)

/** Authorization codes (RFC 6749, 4.1.2): once, and for a minute. `sessionId` is what the first use of it opened. */
export const authorizationCodes = pgTable(
  'authorization_codes',
  {
    codeHash: text().primaryKey(),
    clientId: uuid()
      .notNull()
      .references(() => apiClients.id),
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    redirectUri: text().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    /** PKCE by S256 (RFC 7636). */
    codeChallenge: text().notNull(),
    provedAt: moment().notNull(),
    secondFactor: boolean().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    usedAt: moment(),
    sessionId: uuid(),
  },
  (table) => [
    // Serves deleteExpired.
    index('authorization_codes_expires_idx').on(table.expiresAt),
  ],
)

/** What brings somebody to an identity provider. */
export type TripPurpose = 'sign-in' | 'link' | 'proof'

/** Browsers on their way through an identity provider; each comes back at most once. */
export const providerSignIns = pgTable(
  'provider_sign_ins',
  {
    stateHash: text().primaryKey(),
    provider: text().notNull(),
    nonce: text().notNull(),
    /** PKCE towards the provider; sealed where a secret is configured. */
    codeVerifier: text().notNull(),
    /** Where on this site the person wanted to go. */
    returnTo: text().notNull(),
    guestId: uuid(),
    purpose: text().$type<TripPurpose>().notNull().default('sign-in'),
    /** Whose account it is about, where the person is signed in already. */
    userId: uuid()
      .$type<UserId>()
      .references(() => users.id),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    // Serves deleteExpired.
    index('provider_sign_ins_expires_idx').on(table.expiresAt),
    // Serves eraseUser.
    index('provider_sign_ins_user_idx').on(table.userId),
    check('provider_sign_ins_of_whom', sql`(${table.purpose} = 'sign-in') = (${table.userId} is null)`),
    check('provider_sign_ins_return_here', sql`${table.returnTo} ~ '^/([^/\\\\]|$)'`),
  ],
)
