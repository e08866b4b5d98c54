import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { checkAddress } from '../check-address.ts'
import type { Context } from '../context.ts'
import { listAddresses, saveAddress } from '../db/addresses.ts'
import { lockUser } from '../db/users.ts'

const atMost = 50

export const addAddress: Procedure<typeof identity.addAddress, Context> = ({ ctx, input }) => {
  checkAddress(input.address)
  return ctx.transaction(async (tx) => {
    const user = await lockUser(tx, UserId.parse(ctx.actor.id))
    if (user === undefined) throw commonError('UNAUTHENTICATED')
    const kept = await listAddresses(tx, user.id)
    if (kept.length >= atMost) throw ctx.fail('ADDRESSES_FULL')
    const isDefault = input.isDefault ?? kept.length === 0
    const saved = { id: ctx.ids.next(), address: input.address, isDefault, version: 1 }
    await saveAddress(tx, user.id, { saved, at: ctx.clock.now() })
    return ctx.answer(tx, saved)
  })
}
