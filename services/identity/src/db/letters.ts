import type { LetterPurpose } from '@comptoir/contracts/identity/model'
import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, getTableColumns, gt, isNull, lt } from 'drizzle-orm'
import { emailChanges, emailVerifications, passwordResets } from './schema/letters.ts'

const tables = {
  'email-verification': emailVerifications,
  'password-reset': passwordResets,
  'email-change': emailChanges,
} as const satisfies Record<LetterPurpose, object>

export interface Letter {
  readonly id: string
  readonly userId: UserId
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** A letter’s own row holds the hash of what nobody was told: tokens are made when it is written, see `addToken`. */
export const insertLetter = async (
  tx: Transaction,
  purpose: LetterPurpose,
  letter: Letter & { tokenHash: string; email: string },
): Promise<void> => {
  const { email, ...row } = letter
  if (purpose === 'email-verification') await tx.insert(emailVerifications).values({ ...row, email })
  else if (purpose === 'email-change') await tx.insert(emailChanges).values({ ...row, newEmail: email })
  else await tx.insert(passwordResets).values(row)
}

/** Whom a letter is for, unless it has been used or has expired. */
export const findAddressee = async (
  db: Queryable,
  purpose: LetterPurpose,
  asked: { where: { id: string } | { tokenHash: string }; now: Date },
): Promise<UserId | undefined> => {
  const table = tables[purpose]
  const { where } = asked
  const named = 'id' in where ? eq(table.id, where.id) : eq(table.tokenHash, where.tokenHash)
  const [row] = await db
    .select({ userId: table.userId })
    .from(table)
    .where(and(named, isNull(table.usedAt), gt(table.expiresAt, asked.now)))
  return row?.userId
}

/**
 * Gives a letter one more token that works as long as the others; false where the letter has been used or has expired.
 * The user must be locked, so that none is added to letters that are being used up.
 */
export const addToken = async (
  tx: Transaction,
  purpose: LetterPurpose,
  token: { letterId: string; id: string; tokenHash: string; now: Date },
): Promise<boolean> => {
  const table = tables[purpose]
  const [letter] = await tx
    .select(getTableColumns(table))
    .from(table)
    .where(and(eq(table.id, token.letterId), isNull(table.usedAt), gt(table.expiresAt, token.now)))
  if (letter === undefined) return false
  const email = 'email' in letter ? letter.email : 'newEmail' in letter ? letter.newEmail : ''
  const { id, tokenHash, now: createdAt } = token
  const { userId, expiresAt } = letter
  await insertLetter(tx, purpose, { id, tokenHash, userId, createdAt, expiresAt, email })
  return true
}

/**
 * Uses a token up, and with it every letter of its purpose to this person: what they were sent for is done. The address
 * that the letter went to, which for a reset is that of the account; undefined where the token does not work any more.
 */
export const takeToken = async (
  tx: Transaction,
  purpose: LetterPurpose,
  taken: { userId: UserId; tokenHash: string; now: Date },
): Promise<{ email: string | undefined } | undefined> => {
  const table = tables[purpose]
  const [row] = await tx
    .update(table)
    .set({ usedAt: taken.now })
    .where(
      and(
        eq(table.tokenHash, taken.tokenHash),
        eq(table.userId, taken.userId),
        isNull(table.usedAt),
        gt(table.expiresAt, taken.now),
      ),
    )
    .returning(getTableColumns(table))
  if (row === undefined) return undefined
  await endLetters(tx, purpose, { userId: taken.userId, now: taken.now })
  return { email: 'email' in row ? row.email : 'newEmail' in row ? row.newEmail : undefined }
}

/** No letter of this purpose to this person works any more. */
export const endLetters = async (
  tx: Transaction,
  purpose: LetterPurpose,
  { userId, now }: { userId: UserId; now: Date },
): Promise<void> => {
  const table = tables[purpose]
  await tx
    .update(table)
    .set({ usedAt: now })
    .where(and(eq(table.userId, userId), isNull(table.usedAt)))
}

/** Deletes the letters that expired before `before`. */
export const deleteExpiredLetters = async (db: Queryable, before: Date): Promise<void> => {
  for (const table of Object.values(tables)) await db.delete(table).where(lt(table.expiresAt, before))
}
