import { accountProcedures } from '@comptoir/contracts/identity/account'
import { occurred } from '@comptoir/contracts/event'
import {
  emailChangeRequested,
  emailVerificationRequested,
  passwordResetRequested,
} from '@comptoir/contracts/identity/events'
import type { LetterPurpose, User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { insertLetter } from './db/letters.ts'
import { letterLivesMs } from './domain/letter.ts'
import { letterThrottle } from './domain/throttle.ts'
import { hashToken, makeToken } from './security/secret-tokens.ts'
import { countWithin } from './tries.ts'

const requests = {
  'email-verification': emailVerificationRequested,
  'password-reset': passwordResetRequested,
  'email-change': emailChangeRequested,
} as const satisfies Record<LetterPurpose, object>

/** Counts a letter that somebody asks for. Throws LETTERS_THROTTLED where there have been as many as there may be. */
export const countLetter = (ctx: Context, key: string): Promise<void> =>
  countWithin(ctx, key, {
    limit: letterThrottle,
    code: 'LETTERS_THROTTLED',
    declared: accountProcedures.requestEmailVerification.errors.LETTERS_THROTTLED,
  })

/** Has a letter with a link written to somebody; the id of the letter. */
export const requestLetter = async (
  ctx: Context,
  tx: Transaction,
  { purpose, user }: { purpose: LetterPurpose; user: Pick<User, 'id' | 'email' | 'name' | 'locale'> },
): Promise<string> => {
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
  return id
}
