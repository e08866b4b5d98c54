import { occurred } from '@comptoir/contracts/event'
import type { providerLinked, providerUnlinked } from '@comptoir/contracts/identity/events'
import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { bumpUser } from '../db/users.ts'

interface Told {
  readonly event: typeof providerLinked | typeof providerUnlinked
  /** Whom the transaction has locked. */
  readonly user: Pick<User, 'id' | 'email' | 'name' | 'locale'>
  /** What people know the provider by. */
  readonly name: string
}

/** Has somebody told by letter that a way to sign in has come or gone. */
export const tellOfProvider = async (
  ctx: Context,
  tx: Transaction,
  { event, user, name: provider }: Told,
): Promise<void> => {
  const { id: userId, email, name, locale } = user
  const bumped = await bumpUser(tx, userId, ctx.clock.now())
  if (bumped === undefined) throw new Error('The user is not there although locked')
  const data = { userId, email, name, locale, provider }
  await ctx.emit(tx, [occurred(event, { aggregateId: userId, version: bumped.version, data })])
}
