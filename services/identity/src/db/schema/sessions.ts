import type { Scope } from '@comptoir/contracts/access'
import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'

/** One row a sign-in, of a guest or a person. Refresh tokens descend from it; a browser shows its cookie instead. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    subjectKind: text().$type<'guest' | 'user'>().notNull(),
    subjectId: uuid().notNull(),
    createdAt: moment().notNull(),
    /** When the person last showed all that proves who they are; a guest never did. */
    provedAt: moment(),
    /** Whether a second factor was part of the proof. */
    secondFactor: boolean().notNull(),
    /** Tries to prove again who the person is, since the last that did. */
    proofTries: integer().notNull().default(0),
    /** The third party that acts for the person, and what they let it do. */
    clientId: uuid(),
    scopes: text().array().$type<Scope[]>(),
    /** The SHA-256 of a browser's cookie. */
    cookieHash: text(),
    lastSeenAt: moment(),
    expiresAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    // Serves findByCookie.
    uniqueIndex('sessions_cookie_hash_key').on(table.cookieHash),
    // Serves endSessionsOf.
    index('sessions_subject_idx').on(table.subjectId),
    // Serves endSessionsOfClient.
    index('sessions_client_idx').on(table.clientId),
    // Serves deleteExpired.
    index('sessions_expires_idx').on(table.expiresAt),
    check('sessions_subject_known', sql`${table.subjectKind} in ('guest', 'user')`),
  ],
)

/** One row a token ever given out; the token itself is kept nowhere, only its SHA-256. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid().primaryKey(),
    tokenHash: text().notNull(),
    /** The session. */
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
    // Serves markEnded.
    index('refresh_tokens_family_idx').on(table.familyId),
    // Serves deleteExpired.
    index('refresh_tokens_expires_idx').on(table.expiresAt),
    check('refresh_tokens_subject_known', sql`${table.subjectKind} in ('guest', 'user')`),
  ],
)

/**
 * What the edge must not accept any more although it is signed and has not expired: one session, or what was given out
 * to a subject before its rights had a version, or everything of a subject. Kept for as long as such a token may live.
 */
export const revocations = pgTable(
  'revocations',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    subject: text().notNull(),
    sessionId: uuid(),
    rightsVersion: integer(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    // Serves listRevocations and deleteOldRevocations.
    index('revocations_created_idx').on(table.createdAt),
  ],
)
