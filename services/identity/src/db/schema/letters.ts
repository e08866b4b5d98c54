// What is sent in a letter and works once. Each purpose has a table of its own, so that none passes for another.
import type { UserId } from '@comptoir/contracts/ids'
import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './moment.ts'
import { users } from './people.ts'

const columns = () => ({
  id: uuid().primaryKey(),
  /** The SHA-256 of what was sent; that itself is kept nowhere. */
  tokenHash: text().notNull(),
  userId: uuid()
    .$type<UserId>()
    .notNull()
    .references(() => users.id),
  createdAt: moment().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
})

/** Proves that the address which an account was opened with belongs to whoever opened it. */
export const emailVerifications = pgTable(
  'email_verifications',
  { ...columns(), email: text().notNull() },
  (table) => [
    // Serves takeEmailVerification.
    uniqueIndex('email_verifications_token_hash_key').on(table.tokenHash),
    // Serves endEmailVerifications.
    index('email_verifications_user_idx').on(table.userId),
    // Serves deleteExpiredLetters.
    index('email_verifications_expires_idx').on(table.expiresAt),
  ],
)

export const emailChanges = pgTable(
  'email_changes',
  { ...columns(), newEmail: text().notNull() },
  (table) => [
    // Serves takeEmailChange.
    uniqueIndex('email_changes_token_hash_key').on(table.tokenHash),
    // Serves endEmailChanges.
    index('email_changes_user_idx').on(table.userId),
    // Serves deleteExpiredLetters.
    index('email_changes_expires_idx').on(table.expiresAt),
  ],
)

/**
 * Addresses whose holders, if they have an account, are to get a letter for a new password. Written whether they have one or
 * not, and looked up later, so that the time of the answer tells nothing; deleted then.
 */
export const passwordResetRequests = pgTable('password_reset_requests', {
  id: uuid().primaryKey(),
  email: text().notNull(),
  createdAt: moment().notNull(),
})

export const passwordResets = pgTable('password_resets', columns(), (table) => [
  // Serves takePasswordReset.
  uniqueIndex('password_resets_token_hash_key').on(table.tokenHash),
  // Serves endPasswordResets.
  index('password_resets_user_idx').on(table.userId),
  // Serves deleteExpiredLetters.
  index('password_resets_expires_idx').on(table.expiresAt),
])
