import { occurred } from '@comptoir/contracts/event'
import { emailVerificationRequested, passwordResetRequested } from '@comptoir/contracts/identity/events'
import type { LetterPurpose, User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { insertLetter } from './db/letters.ts'
import { letterLivesMs } from './domain/letter.ts'
import { hashToken, makeToken } from './security/secret-tokens.ts'

const requests = {
  'email-verification': emailVerificationRequested,
  'password-reset': passwordResetRequested,
} as const satisfies Partial<Record<LetterPurpose, object>>

/** Has a letter with a link written to somebody. */
export const requestLetter = async (
  ctx: Context,
  tx: Transaction,
  { purpose, user }: { purpose: keyof typeof requests; user: Pick<User, 'id' | 'email' | 'name' | 'locale'> },
): Promise<void> => {
  const now = ctx.clock.now()
  const id = ctx.ids.next()
  const { id: userId, email, name, locale } = user
  await insertLetter(tx, purpose, {
    id,
    userId,
    email,
    // Of a token that nobody ever sees: the ones that work are made when the letter is written.
    tokenHash: hashToken(makeToken('none')),
    createdAt: now,
    expiresAt: new Date(now.getTime() + letterLivesMs[purpose]),
  })
  const data = { userId, email, name, locale, letterId: id }
  await ctx.emit(tx, [occurred(requests[purpose], { aggregateId: id, version: 1, data })])
}
