import type { carts } from '@comptoir/contracts/carts/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { readCart } from '../pricing/read-cart.ts'

export const snapshot: Procedure<typeof carts.snapshot, Context> = ({ ctx }) => readCart(ctx, ctx.actor)
