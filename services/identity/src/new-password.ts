import { occurred } from '@comptoir/contracts/event'
import { passwordChanged } from '@comptoir/contracts/identity/events'
import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { endLetters } from './db/letters.ts'
import { forgetAttempts } from './db/login-attempts.ts'
import { savePassword } from './db/passwords.ts'
import { endSessionsOf } from './end-sessions.ts'
import { remainingWays } from './remaining-ways.ts'
import { attemptKey } from './security/attempt-key.ts'

/**
 * Gives a person, whom the transaction has locked, another password: every session but `except` ends, letters for a new
 * one work no more, nor do those for another address, which a thief may have asked for; and they are told by letter, with
 * what lets somebody in all the same.
 */
export const setPassword = async (
  ctx: Context,
  tx: Transaction,
  { user, hash, except }: { user: User; hash: string; except?: string | undefined },
): Promise<void> => {
  const { id: userId, email, name, locale } = user
  const now = ctx.clock.now()
  const version = await savePassword(tx, userId, { hash, at: now })
  for (const purpose of ['password-reset', 'email-change'] as const)
    await endLetters(tx, purpose, { userId, now })
  // Its letters work no more, so they must not stand in the way of the next.
  await forgetAttempts(tx, attemptKey('password-reset', email))
  await endSessionsOf(ctx, tx, { subjectId: userId, except })
  const data = { userId, email, name, locale, ...(await remainingWays(ctx, tx, userId)) }
  await ctx.emit(tx, [occurred(passwordChanged, { aggregateId: userId, version, data })])
}
