import type { Role } from '@comptoir/contracts/identity/model'
import type { UserId } from '@comptoir/contracts/ids'
import type { Locale } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { PublicKey } from '../domain/public-key.ts'

export { deadLetters, idempotencyKeys, inbox, outbox } from '@comptoir/service-kit/tables'

const moment = () => timestamp({ withTimezone: true })

export const users = pgTable(
  'users',
  {
    id: uuid().$type<UserId>().primaryKey(),
    email: text().notNull(),
    passwordHash: text().notNull(),
    name: text().notNull(),
    phone: text(),
    locale: text().$type<Locale>().notNull(),
    role: text().$type<Role>().notNull(),
    version: integer().notNull(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // One account an address, however it is written; serves findCredentials.
    uniqueIndex('users_email_key').on(sql`lower(${table.email})`),
    check('users_role_known', sql`${table.role} in ('customer', 'staff', 'admin')`),
  ],
)

/** One row a token ever given out; the token itself is kept nowhere, only its SHA-256. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid().primaryKey(),
    tokenHash: text().notNull(),
    familyId: uuid().notNull(),
    parentId: uuid(),
    subjectKind: text().$type<'guest' | 'user'>().notNull(),
    subjectId: uuid().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    usedAt: moment(),
    revokedAt: moment(),
  },
  (table) => [
    // Serves findRefreshToken.
    uniqueIndex('refresh_tokens_token_hash_key').on(table.tokenHash),
    // A token has one child: two exchanges of it cannot both succeed.
    uniqueIndex('refresh_tokens_parent_key').on(table.parentId),
    // Serves revokeFamily.
    index('refresh_tokens_family_idx').on(table.familyId),
    // Serves deleteExpiredTokens.
    index('refresh_tokens_expires_idx').on(table.expiresAt),
    check('refresh_tokens_subject_known', sql`${table.subjectKind} in ('guest', 'user')`),
  ],
)

/** The newest signs; every one of them verifies. `privateKey` is a JWK, sealed where a secret is configured. */
export const signingKeys = pgTable('signing_keys', {
  kid: text().primaryKey(),
  publicKey: jsonb().$type<PublicKey>().notNull(),
  privateKey: text().notNull(),
  createdAt: moment().notNull(),
})

/** Tries to sign in that have not succeeded, by the SHA-256 of the address: unknown accounts count like known ones. */
export const loginAttempts = pgTable(
  'login_attempts',
  {
    account: text().primaryKey(),
    attempts: timestamp({ withTimezone: true }).array().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // Serves deleteOldAttempts.
    index('login_attempts_updated_idx').on(table.updatedAt),
  ],
)
