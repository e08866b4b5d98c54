import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { checkAddress } from '../check-address.ts'
import type { Context } from '../context.ts'
import { listAddresses, saveAddress } from '../db/addresses.ts'
import { demandStanding } from '../standing.ts'

export const updateAddress: Procedure<typeof identity.updateAddress, Context> = ({ ctx, input }) => {
  if (input.address !== undefined) checkAddress(input.address)
  return ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const kept = (await listAddresses(tx, user.id)).find(({ id }) => id === input.addressId)
    if (kept === undefined) throw ctx.fail('ADDRESS_NOT_FOUND')
    if (input.version !== undefined && input.version !== kept.version)
      throw commonError('PRECONDITION_FAILED')
    const { address = kept.address, isDefault = kept.isDefault } = input
    const saved = { id: kept.id, address, isDefault, version: kept.version + 1 }
    await saveAddress(tx, user.id, { saved, at: ctx.clock.now() })
    return saved
  })
}
