import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { setLine, touchCart } from '../db/cart-changes.ts'
import { hasLine, withQuantity } from '../domain/cart.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const removeLine: Procedure<typeof carts.removeLine, Context> = ({
  ctx,
  input: { variantId, version },
}) =>
  changeCart(ctx, {
    version,
    expect: (cart) => {
      if (!hasLine(cart, variantId)) throw ctx.fail('LINE_NOT_FOUND')
      return withQuantity(cart, variantId, 0)
    },
    write: async (tx, changing) => {
      await touchCart(tx, changing)
      await setLine(tx, changing.owner, { variantId, quantity: 0 })
    },
    finish: async (_, cart) => cart,
  })
