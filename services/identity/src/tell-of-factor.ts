import { occurred } from '@comptoir/contracts/event'
import { secondFactorEnrolled, secondFactorRemoved } from '@comptoir/contracts/identity/events'
import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { nextVersion } from './db/users.ts'

const events = { enrolled: secondFactorEnrolled, removed: secondFactorRemoved } as const

/** Has somebody, whom the transaction has locked, told by letter what became of their second factor: a thief may have done it. */
export const tellOfFactor = async (
  ctx: Context,
  tx: Transaction,
  { user, factor }: { user: User; factor: keyof typeof events },
): Promise<void> => {
  const { id: userId, email, name, locale } = user
  const version = await nextVersion(tx, userId, ctx.clock.now())
  const data = { userId, email, name, locale }
  await ctx.emit(tx, [occurred(events[factor], { aggregateId: userId, version, data })])
}
