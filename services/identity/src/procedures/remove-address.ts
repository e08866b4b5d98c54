import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { deleteAddress } from '../db/addresses.ts'
import { demandStanding } from '../standing.ts'

export const removeAddress: Procedure<typeof identity.removeAddress, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { id } = await demandStanding(ctx, tx)
    if (!(await deleteAddress(tx, id, input.addressId))) throw ctx.fail('ADDRESS_NOT_FOUND')
    return null
  })
