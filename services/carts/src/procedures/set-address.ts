import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { touchCart } from '../db/cart-changes.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const setAddress: Procedure<typeof carts.setAddress, Context> = ({
  ctx,
  input: { version, ...said },
}) =>
  changeCart(ctx, {
    version,
    expect: (cart) => ({ ...cart, ...said }),
    write: (tx, changing) => touchCart(tx, changing, said),
    finish: (tx, cart) => ctx.answer(tx, cart),
  })
