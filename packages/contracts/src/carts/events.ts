/** What carts tells. */
import { z } from 'zod'
import { event } from '../event.ts'
import { CartId, UserId } from '../ids.ts'

/** A guest’s cart has gone into the customer’s at sign-in. Aggregate: the customer’s cart. */
export const cartMerged = event({
  subject: 'carts.cart.merged.v1',
  aggregate: 'cart',
  data: z.object({ cartId: CartId, userId: UserId, guestId: z.uuid() }),
})
