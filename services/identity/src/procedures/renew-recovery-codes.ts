import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockFactor } from '../db/second-factors.ts'
import { giveRecoveryCodes } from '../second-factor.ts'
import { demandStanding } from '../standing.ts'

/** Nothing is shown for them but a fresh session, so no tries are forgotten. */
export const renewRecoveryCodes: Procedure<typeof identity.renewRecoveryCodes, Context> = ({ ctx }) =>
  ctx.transaction(async (tx) => {
    const { id: userId } = await demandStanding(ctx, tx)
    const factor = await lockFactor(tx, userId)
    if (factor === undefined || factor.confirmedAt === null) throw ctx.fail('SECOND_FACTOR_NOT_ENROLLED')
    const recoveryCodes = await giveRecoveryCodes(ctx, tx, userId)
    await audit(ctx, tx, { action: 'factor.codes_renewed', target: userId })
    return { recoveryCodes }
  })
