import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { deleteFactor, hasFactor } from '../db/second-factors.ts'
import { countProof, forgetProofsByCode } from '../proof-tries.ts'
import { showFactor } from '../second-factor.ts'
import { demandStanding } from '../standing.ts'
import { tellOfFactor } from '../tell-of-factor.ts'

export const removeSecondFactor: Procedure<typeof identity.removeSecondFactor, Context> = async ({
  ctx,
  input: { code },
}) => {
  await countProof(ctx)
  return ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const userId = user.id
    if (!(await hasFactor(tx, userId))) throw ctx.fail('SECOND_FACTOR_NOT_ENROLLED')
    const by = await showFactor(ctx, tx, { userId, code })
    if (by === undefined) throw ctx.fail('SECOND_FACTOR_INVALID')
    await deleteFactor(tx, userId)
    await changeRights(ctx, tx, userId)
    await forgetProofsByCode(tx, ctx.actor)
    await tellOfFactor(ctx, tx, { user, factor: 'removed' })
    await audit(ctx, tx, { action: 'factor.removed', target: userId, facts: { by } })
    return null
  })
}
