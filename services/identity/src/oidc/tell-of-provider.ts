import { occurred } from '@comptoir/contracts/event'
import { providerLinked, providerUnlinked } from '@comptoir/contracts/identity/events'
import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { nextVersion } from '../db/users.ts'

/** Whom the transaction has locked. */
export type Told = Pick<User, 'id' | 'email' | 'name' | 'locale'>

/** Has somebody told by letter that there is another way to sign in; `provider` is what people know it by. */
export const tellLinked = async (
  ctx: Context,
  tx: Transaction,
  { user, provider, passwordRemoved }: { user: Told; provider: string; passwordRemoved: boolean },
): Promise<void> => {
  const version = await nextVersion(tx, user.id, ctx.clock.now())
  const data = { ...addressee(user), provider, passwordRemoved }
  await ctx.emit(tx, [occurred(providerLinked, { aggregateId: user.id, version, data })])
}

/** Has them told that there is one less. */
export const tellUnlinked = async (
  ctx: Context,
  tx: Transaction,
  { user, provider }: { user: Told; provider: string },
): Promise<void> => {
  const version = await nextVersion(tx, user.id, ctx.clock.now())
  const data = { ...addressee(user), provider }
  await ctx.emit(tx, [occurred(providerUnlinked, { aggregateId: user.id, version, data })])
}

const addressee = ({ id: userId, email, name, locale }: Told) => ({ userId, email, name, locale })
