import { occurred } from '@comptoir/contracts/event'
import { passwordChanged } from '@comptoir/contracts/identity/events'
import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { endLetters } from './db/letters.ts'
import { savePassword } from './db/passwords.ts'
import { endSessionsOf } from './end-sessions.ts'

/**
 * Gives a person, whom the transaction has locked, another password: every session but `except` ends, letters for a new
 * one work no more, and they are told by letter.
 */
export const setPassword = async (
  ctx: Context,
  tx: Transaction,
  { user, hash, except }: { user: User; hash: string; except?: string | undefined },
): Promise<void> => {
  const { id: userId, email, name, locale } = user
  const now = ctx.clock.now()
  const version = await savePassword(tx, userId, { hash, at: now })
  await endLetters(tx, 'password-reset', { userId, now })
  await endSessionsOf(ctx, tx, { subjectId: userId, except })
  const data = { userId, email, name, locale }
  await ctx.emit(tx, [occurred(passwordChanged, { aggregateId: userId, version, data })])
}
