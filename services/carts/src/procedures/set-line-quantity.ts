import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { setLine, touchCart } from '../db/cart-changes.ts'
import { hasLine, withQuantity } from '../domain/cart.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const setLineQuantity: Procedure<typeof carts.setLineQuantity, Context> = ({ ctx, input }) => {
  const refuseMissing = <T extends Parameters<typeof hasLine>[0]>(cart: T): T => {
    if (!hasLine(cart, input.variantId)) throw ctx.fail('LINE_NOT_FOUND')
    return cart
  }
  return changeCart(ctx, {
    version: input.version,
    expect: (cart) => withQuantity(refuseMissing(cart), input.variantId, input.quantity),
    write: async (tx, changing) => {
      await touchCart(tx, changing)
      await setLine(tx, changing.owner, input)
    },
    finish: (tx, cart) => ctx.answer(tx, refuseMissing(cart)),
  })
}
