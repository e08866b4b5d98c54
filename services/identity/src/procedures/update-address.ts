import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { checkAddress } from '../check-address.ts'
import type { Context } from '../context.ts'
import { listAddresses, saveAddress } from '../db/addresses.ts'
import { lockUser } from '../db/users.ts'

export const updateAddress: Procedure<typeof identity.updateAddress, Context> = ({ ctx, input }) => {
  if (input.address !== undefined) checkAddress(input.address)
  return ctx.transaction(async (tx) => {
    const user = await lockUser(tx, UserId.parse(ctx.actor.id))
    if (user === undefined) throw commonError('UNAUTHENTICATED')
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
