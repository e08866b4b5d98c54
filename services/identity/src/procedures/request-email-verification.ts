import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findUser, lockUser } from '../db/users.ts'
import { countLetter, requestLetter } from '../letters.ts'
import { attemptKey } from '../security/attempt-key.ts'

/** To an address that is known to be theirs nothing is sent: what is asked for holds. */
export const requestEmailVerification: Procedure<typeof identity.requestEmailVerification, Context> = async ({
  ctx,
}) => {
  const user = await findUser(ctx.db, UserId.parse(ctx.actor.id))
  if (user === undefined) throw commonError('UNAUTHENTICATED')
  if (user.emailVerified) return null
  await countLetter(ctx, attemptKey('email-verification', user.id))
  await ctx.transaction(async (tx) => {
    // Locked, so that nothing is written about somebody who is being erased.
    const standing = await lockUser(tx, user.id)
    if (standing === undefined) throw commonError('UNAUTHENTICATED')
    await requestLetter(ctx, tx, { purpose: 'email-verification', user: standing })
  })
  return null
}
