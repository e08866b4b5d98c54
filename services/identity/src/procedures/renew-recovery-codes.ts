import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockFactor } from '../db/second-factors.ts'
import { lockUser } from '../db/users.ts'
import { giveRecoveryCodes } from '../second-factor.ts'
import { refuseOver } from '../standing.ts'

export const renewRecoveryCodes: Procedure<typeof identity.renewRecoveryCodes, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const userId = UserId.parse(ctx.actor.id)
    if ((await lockUser(tx, userId)) === undefined) throw commonError('UNAUTHENTICATED')
    await refuseOver(ctx, tx)
    const factor = await lockFactor(tx, userId)
    if (factor === undefined || factor.confirmedAt === null) throw ctx.fail('SECOND_FACTOR_NOT_ENROLLED')
    const recoveryCodes = await giveRecoveryCodes(ctx, tx, userId)
    await audit(ctx, tx, { action: 'factor.codes_renewed', target: userId })
    return { recoveryCodes }
  })
