import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { removeLines, touchCart } from '../db/cart-changes.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const clearCart: Procedure<typeof carts.clearCart, Context> = ({ ctx, input: { version } }) =>
  changeCart(ctx, {
    version,
    expect: (cart) => ({ ...cart, lines: [] }),
    write: async (tx, changing) => {
      await touchCart(tx, changing)
      await removeLines(tx, changing.owner)
    },
    finish: async (_, cart) => cart,
  })
