import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { saveUnconfirmedFactor } from '../db/second-factors.ts'
import { findUser, lockUser } from '../db/users.ts'
import { sealSecret } from '../second-factor.ts'
import { makeTotpSecret, otpauthUri } from '../security/totp.ts'
import { refuseOver } from '../standing.ts'

/** Begun a second time before it is confirmed, it begins anew. */
export const enrolSecondFactor: Procedure<typeof identity.enrolSecondFactor, Context> = async ({ ctx }) => {
  const userId = UserId.parse(ctx.actor.id)
  const user = await findUser(ctx.db, userId)
  if (user === undefined) throw commonError('UNAUTHENTICATED')
  const secret = makeTotpSecret()
  const sealed = await sealSecret(ctx, userId, secret)
  return ctx.transaction(async (tx) => {
    if ((await lockUser(tx, userId)) === undefined) throw commonError('UNAUTHENTICATED')
    await refuseOver(ctx, tx)
    const factor = { userId, secret: sealed, createdAt: ctx.clock.now() }
    if (!(await saveUnconfirmedFactor(tx, factor))) throw ctx.fail('SECOND_FACTOR_ENROLLED')
    return { secret, uri: otpauthUri({ secret, issuer: ctx.shopName, label: user.email }) }
  })
}
