import type { Actor } from '@comptoir/contracts/access'
import type { User } from '@comptoir/contracts/identity/model'
import { commonError } from '@comptoir/contracts/errors'
import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { isOpenSession } from './db/open-sessions.ts'
import { lockUser } from './db/users.ts'

/**
 * Who is signed in, locked until the transaction ends; undefined where the session is over. One that ends at this moment,
 * because its owner has thrown a thief out, changes nothing any more.
 */
export const lockStanding = async (
  ctx: Context,
  tx: Transaction,
  { id: subject, session: id }: Pick<Actor, 'id' | 'session'>,
): Promise<User | undefined> => {
  const userId = UserId.parse(subject)
  const user = await lockUser(tx, userId)
  if (user === undefined || id === undefined) return undefined
  return (await isOpenSession(tx, { id, subjectId: userId, now: ctx.clock.now() })) ? user : undefined
}

/** The same of who asks. Throws UNAUTHENTICATED where the session is over, whatever the edge has heard of that. */
export const demandStanding = async (
  ctx: Context & { readonly actor: Actor },
  tx: Transaction,
): Promise<User> => {
  const user = await lockStanding(ctx, tx, ctx.actor)
  if (user === undefined) throw commonError('UNAUTHENTICATED')
  return user
}
