import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { insertRevocation } from './db/revocations.ts'
import { bumpRights } from './db/users.ts'

/** Says that a person may do something else from now on: what was given out for the rights they had is over. */
export const changeRights = async (ctx: Context, tx: Transaction, userId: UserId): Promise<void> => {
  const rightsVersion = await bumpRights(tx, userId, ctx.clock.now())
  if (rightsVersion !== undefined)
    await insertRevocation(tx, { subject: userId, session: null, rightsVersion })
}
