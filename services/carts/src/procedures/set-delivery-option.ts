import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { touchCart } from '../db/cart-changes.ts'
import { changeCart } from '../pricing/change-cart.ts'

export const setDeliveryOption: Procedure<typeof carts.setDeliveryOption, Context> = ({ ctx, input }) =>
  changeCart(ctx, {
    version: input.version,
    expect: (cart) => ({ ...cart, deliveryOption: input.code }),
    write: (tx, changing) => touchCart(tx, changing, { deliveryOption: input.code }),
    finish: (tx, cart) => {
      if (cart.deliveryOption === null) throw ctx.fail('DELIVERY_OPTION_NOT_OFFERED')
      return ctx.answer(tx, cart)
    },
  })
