import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { readCart } from '../pricing/read-cart.ts'

export const getCart: Procedure<typeof carts.getCart, Context> = ({ ctx }) => readCart(ctx, ctx.actor)
