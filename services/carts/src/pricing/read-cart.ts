import type { Actor } from '@comptoir/contracts/access'
import type { Cart } from '@comptoir/contracts/carts/model'
import type { CartId } from '@comptoir/contracts/ids'
import type { Context } from '../context.ts'
import { createCart } from '../db/carts.ts'
import { emptyCart, type StoredCart } from '../domain/cart.ts'
import { type Owner, ownerOf } from '../domain/owner.ts'
import { noFacts, priceCart } from '../domain/price-cart.ts'
import { gatherFacts } from './gather-facts.ts'

/** The actor's cart priced now: what the shopper sees is what an order takes. */
export const readCart = async (ctx: Context, actor: Actor): Promise<Cart> => {
  const cart = await findOrCreate(ctx, ownerOf(actor))
  return priceCart(cart, await gatherFacts(ctx.clients, cart, noFacts))
}

const findOrCreate = async (ctx: Context, owner: Owner): Promise<StoredCart> => {
  const found = await ctx.queries.openCart(owner)
  if (found !== undefined) return found
  const created = await createCart(ctx.db, owner, ctx.ids.next<CartId>())
  if (created !== undefined) return emptyCart(created)
  const others = await ctx.queries.openCart(owner)
  // The cart that was in the way has ended between two statements: the next reader makes one.
  return others ?? findOrCreate(ctx, owner)
}
