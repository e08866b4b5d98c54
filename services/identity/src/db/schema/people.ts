import type { Scope } from '@comptoir/contracts/access'
import type { UserId } from '@comptoir/contracts/ids'
import type { Locale } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

export const users = pgTable(
  'users',
  {
    id: uuid().$type<UserId>().primaryKey(),
    email: text().notNull(),
    emailVerifiedAt: moment(),
    /** Absent for somebody who signs in through a provider only. */
    passwordHash: text(),
    name: text().notNull(),
    phone: text(),
    locale: text().$type<Locale>().notNull(),
    /** `customer`, `staff`, `admin` or the name of a row of `roles`. */
    role: text().notNull(),
    /** Goes up with every change of what the person may do; access tokens carry it. */
    rightsVersion: integer().notNull().default(1),
    disabledAt: moment(),
    erasedAt: moment(),
    version: integer().notNull(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // One account an address, however it is written; serves findCredentials.
    uniqueIndex('users_email_key').on(sql`lower(${table.email})`),
    // Serves listUsers.
    index('users_created_idx').on(table.createdAt.desc(), table.id.desc()),
    // Serves holdersOf: who has a role, and whether an administrator is left.
    index('users_role_idx').on(table.role),
  ],
)

/** Roles that a shop makes for itself; the three that every shop has are in the contract. Their holders are staff. */
export const roles = pgTable('roles', {
  name: text().primaryKey(),
  scopes: text().array().$type<Scope[]>().notNull(),
  version: integer().notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
})

export const addresses = pgTable(
  'addresses',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    line1: text().notNull(),
    line2: text(),
    city: text().notNull(),
    region: text(),
    postalCode: text().notNull(),
    country: text().notNull(),
    isDefault: boolean().notNull(),
    version: integer().notNull(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // Serves listAddresses.
    index('addresses_user_idx').on(table.userId, table.id),
    // At most one of a person's addresses is the one they mean unless they say so.
    uniqueIndex('addresses_default_key')
      .on(table.userId)
      .where(sql`${table.isDefault}`),
  ],
)

/**
 * Tries to sign in that have not succeeded, and letters asked for, by the SHA-256 of the address: unknown accounts count
 * like known ones.
 */
export const loginAttempts = pgTable(
  'login_attempts',
  {
    account: text().primaryKey(),
    /** The key of all tries of one kind at the account, with which they are forgotten; its own, where all networks count. */
    within: text(),
    attempts: moment().array().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    // Serves deleteOldAttempts.
    index('login_attempts_updated_idx').on(table.updatedAt),
    // Serves forgetAttempts.
    index('login_attempts_within_idx').on(table.within).concurrently(),
  ],
)

/** From where people have signed in rightly: strangers elsewhere cannot keep them out of there. */
export const signInNetworks = pgTable(
  'sign_in_networks',
  {
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    /** A hash of the network together with the person: two who share one do not share a value. */
    network: text().notNull(),
    lastAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.network] }),
    // Serves deleteOldNetworks.
    index('sign_in_networks_last_idx').on(table.lastAt),
  ],
)

/** Accounts at an identity provider (OpenID Connect Core, 5.7: issuer and subject name a person, nothing else does). */
export const externalIdentities = pgTable(
  'external_identities',
  {
    id: uuid().primaryKey(),
    issuer: text().notNull(),
    subject: text().notNull(),
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    linkedAt: moment().notNull(),
  },
  (table) => [
    // Serves findExternalIdentity.
    uniqueIndex('external_identities_issuer_subject_key').on(table.issuer, table.subject),
    // Serves eraseUser.
    index('external_identities_user_idx').on(table.userId),
  ],
)

/**
 * Accounts at an identity provider that somebody has unlinked: the address alone links them to that account no more. Beside
 * the links, because one of these may be the way into another account meanwhile.
 */
export const unlinkedIdentities = pgTable(
  'unlinked_identities',
  {
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    issuer: text().notNull(),
    subject: text().notNull(),
    unlinkedAt: moment().notNull(),
  },
  (table) => [
    // Serves listUnlinkedIdentities, forgetUnlinked and eraseUser.
    primaryKey({ columns: [table.userId, table.issuer, table.subject] }),
  ],
)

/** A second factor by RFC 6238. `secret` is sealed where a secret is configured. */
export const totpFactors = pgTable(
  'totp_factors',
  {
    userId: uuid()
      .$type<UserId>()
      .primaryKey()
      .references(() => users.id),
    secret: text().notNull(),
    confirmedAt: moment(),
    /** The time step of the last code that was taken: each works once (RFC 6238, 5.2). */
    lastStep: integer().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [check('totp_factors_step_known', sql`${table.lastStep} >= 0`)],
)

/** Codes for somebody who has lost the second factor: SHA-256 only, each works once. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    codeHash: text().notNull(),
    usedAt: moment(),
    createdAt: moment().notNull(),
  },
  (table) => [
    // Serves takeRecoveryCode.
    uniqueIndex('recovery_codes_user_code_key').on(table.userId, table.codeHash),
  ],
)
