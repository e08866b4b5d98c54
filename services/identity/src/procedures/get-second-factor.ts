import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { countRecoveryCodes } from '../db/second-factors.ts'
import { isStaff } from '../domain/rights.ts'

export const getSecondFactor: Procedure<typeof identity.getSecondFactor, Context> = async ({ ctx }) => {
  const userId = UserId.parse(ctx.actor.id)
  const holder = await findHolder(ctx.db, userId)
  if (holder === undefined) throw commonError('UNAUTHENTICATED')
  return {
    enrolled: holder.secondFactor,
    required: isStaff(holder) && ctx.staffSecondFactor === 'required',
    recoveryCodesLeft: await countRecoveryCodes(ctx.db, userId),
  }
}
