import type { Actor } from '@comptoir/contracts/access'
import type { Cart } from '@comptoir/contracts/carts/model'
import { commonError } from '@comptoir/contracts/errors'
import type { CartId, VariantId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import type { Changing } from '../db/cart-changes.ts'
import { loadOpenCart } from '../db/carts.ts'
import { emptyCart, type StoredCart } from '../domain/cart.ts'
import { ownerOf } from '../domain/owner.ts'
import { type Facts, isCovered, noFacts, priceCart } from '../domain/price-cart.ts'
import { gatherFacts, gatherQuotes } from './gather-facts.ts'

// Whoever loses a round lost it to a change that went through, and a cart holds a hundred lines.
const roundsMax = 100

export interface Change<Result> {
  /** The version that the change is for; PRECONDITION_FAILED where the locked cart had another. */
  readonly version?: number | undefined
  /** Variants to be quoted beside those in the cart. */
  asks?(cart: StoredCart): readonly VariantId[]
  /** The cart as it would become; refuses what the contract refuses. */
  expect(cart: StoredCart, facts: Facts): StoredCart
  /** The change in the database. Its first statement takes the cart's lock by raising its version. */
  write(tx: Transaction, changing: Changing, facts: Facts): Promise<void>
  /** The answer, in the same transaction; refuses what only shows once the cart is locked. */
  finish(tx: Transaction, cart: Cart): Promise<Result>
}

class Uncovered extends Error {
  readonly cart: StoredCart
  constructor(cart: StoredCart) {
    super('Somebody else changed the cart: more has to be asked for')
    this.cart = cart
  }
}

/**
 * Changes the actor's cart and answers it priced, both in one short transaction. Prices are asked for before it, for
 * the cart as it is expected to become; where the locked cart needs others, the round is rolled back and repeated.
 */
export const changeCart = async <Result>(
  ctx: Context & { actor: Actor },
  change: Change<Result>,
): Promise<Result> => {
  const owner = ownerOf(ctx.actor)
  const changing: Changing = { owner, newCartId: ctx.ids.next<CartId>(), now: ctx.clock.now() }
  const seen = (await ctx.queries.openCart(owner)) ?? emptyCart(changing.newCartId)
  const asked = [...(change.asks?.(seen) ?? []), ...seen.lines.map((line) => line.variantId)]
  let facts = await gatherQuotes(ctx.clients, asked, noFacts)
  let wanted = change.expect(seen, facts)
  for (let round = 0; round < roundsMax; round += 1) {
    facts = await gatherFacts(ctx.clients, wanted, facts)
    const outcome = await attempt(ctx, { changing, change, facts })
    if (!(outcome instanceof Uncovered)) return outcome
    wanted = outcome.cart
  }
  throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
}

const attempt = async <Result>(
  ctx: Context,
  { changing, change, facts }: { changing: Changing; change: Change<Result>; facts: Facts },
): Promise<Result | Uncovered> => {
  try {
    return await ctx.transaction(async (tx) => {
      await change.write(tx, changing, facts)
      const cart = await loadOpenCart(tx, changing.owner)
      if (cart === undefined) throw new Error('The cart that was just written is not there')
      // The write, which holds the lock, has raised it by one.
      if (change.version !== undefined && cart.version !== change.version + 1)
        throw commonError('PRECONDITION_FAILED')
      if (!isCovered(cart, facts)) throw new Uncovered(cart)
      return change.finish(tx, priceCart(cart, facts))
    })
  } catch (error) {
    if (error instanceof Uncovered) return error
    throw error
  }
}
