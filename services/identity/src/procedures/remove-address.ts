import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { deleteAddress } from '../db/addresses.ts'

export const removeAddress: Procedure<typeof identity.removeAddress, Context> = async ({ ctx, input }) => {
  if (!(await deleteAddress(ctx.db, UserId.parse(ctx.actor.id), input.addressId)))
    throw ctx.fail('ADDRESS_NOT_FOUND')
  return null
}
