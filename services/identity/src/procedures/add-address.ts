import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { checkAddress } from '../check-address.ts'
import type { Context } from '../context.ts'
import { listAddresses, saveAddress } from '../db/addresses.ts'
import { demandStanding } from '../standing.ts'

const atMost = 50

export const addAddress: Procedure<typeof identity.addAddress, Context> = ({ ctx, input }) => {
  checkAddress(input.address)
  return ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    const kept = await listAddresses(tx, user.id)
    if (kept.length >= atMost) throw ctx.fail('ADDRESSES_FULL')
    const isDefault = input.isDefault ?? kept.length === 0
    const saved = { id: ctx.ids.next(), address: input.address, isDefault, version: 1 }
    await saveAddress(tx, user.id, { saved, at: ctx.clock.now() })
    return ctx.answer(tx, saved)
  })
}
