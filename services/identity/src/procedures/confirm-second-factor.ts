import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { confirmFactor, lockFactor } from '../db/second-factors.ts'
import { countProof, forgetProofsByCode } from '../proof-tries.ts'
import { giveRecoveryCodes, takeCode } from '../second-factor.ts'
import { demandStanding } from '../standing.ts'
import { tellOfFactor } from '../tell-of-factor.ts'

/** From now on the account asks for it, and no session that it was not shown in proves anything. */
export const confirmSecondFactor: Procedure<typeof identity.confirmSecondFactor, Context> = async ({
  ctx,
  input: { code },
}) => {
  await countProof(ctx)
  return ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const userId = user.id
    const factor = await lockFactor(tx, userId)
    if (factor === undefined) throw ctx.fail('SECOND_FACTOR_NOT_ENROLLED')
    if (factor.confirmedAt !== null) throw ctx.fail('SECOND_FACTOR_ENROLLED')
    if (!(await takeCode(ctx, tx, { userId, code, factor }))) throw ctx.fail('SECOND_FACTOR_INVALID')
    await confirmFactor(tx, userId, ctx.clock.now())
    await changeRights(ctx, tx, userId)
    await forgetProofsByCode(tx, ctx.actor)
    await tellOfFactor(ctx, tx, { user, factor: 'enrolled' })
    const recoveryCodes = await giveRecoveryCodes(ctx, tx, userId)
    await audit(ctx, tx, { action: 'factor.enrolled', target: userId })
    return { recoveryCodes }
  })
}
