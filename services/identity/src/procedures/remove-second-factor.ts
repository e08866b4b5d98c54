import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import { changeRights } from '../change-rights.ts'
import type { Context } from '../context.ts'
import { deleteFactor, hasFactor } from '../db/second-factors.ts'
import { findUser } from '../db/users.ts'
import { countProof } from '../proof-tries.ts'
import { showFactor } from '../second-factor.ts'

export const removeSecondFactor: Procedure<typeof identity.removeSecondFactor, Context> = async ({
  ctx,
  input,
}) => {
  const userId = UserId.parse(ctx.actor.id)
  if ((await findUser(ctx.db, userId)) === undefined) throw commonError('UNAUTHENTICATED')
  await countProof(ctx)
  return ctx.transaction(async (tx) => {
    await changeRights(ctx, tx, userId)
    if (!(await hasFactor(tx, userId))) throw ctx.fail('SECOND_FACTOR_NOT_ENROLLED')
    const by = await showFactor(ctx, tx, { userId, code: input.code })
    if (by === undefined) throw ctx.fail('SECOND_FACTOR_INVALID')
    await deleteFactor(tx, userId)
    await audit(ctx, tx, { action: 'factor.removed', target: userId, facts: { by } })
    return null
  })
}
