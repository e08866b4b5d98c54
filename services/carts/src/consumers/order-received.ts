import type { CartId } from '@comptoir/contracts/ids'
import type { orderReceived } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { type CartFate, closeCart, lockCart, refillCart } from '../db/cart-endings.ts'
import { createCart, loadCart } from '../db/carts.ts'
import type { StoredCart, StoredLine } from '../domain/cart.ts'
import { surplusOf } from '../domain/surplus.ts'

/** The cart has become an order; what the shopper put in after the order was taken goes on in a new cart. */
export const onOrderReceived: Handler<typeof orderReceived, Context> = async ({ ctx, tx, event }) => {
  const order = event.data
  const fate = await lockCart(tx, order.cartId)
  if (fate?.state === 'open') await endCart(ctx, tx, { fate, order })
  if (fate?.state === 'merged' && fate.mergedInto !== null)
    await takeOut(ctx, tx, { cartId: fate.mergedInto, order })
}

type Ended = { fate: CartFate; order: OrderSnapshot }

const endCart = async (ctx: Context, tx: Transaction, { fate, order }: Ended): Promise<void> => {
  const now = ctx.clock.now()
  const cart = await existing(tx, fate.id)
  const surplus = cart.version === order.cartVersion ? [] : surplusOf(cart.lines, order.lines)
  await closeCart(tx, fate.id, { state: 'ordered', now })
  if (surplus.length === 0) return
  // Nobody else can have opened one meanwhile: the lock on the old cart's row is also the lock on its owner.
  const next = await createCart(tx, fate.owner, ctx.ids.next<CartId>())
  if (next === undefined) throw new Error('The shopper has another open cart')
  await refillCart(tx, next, holding(cart, surplus, now))
}

// The guest signed in between placing the order and this event: the ordered lines are in the customer's cart by now.
const takeOut = async (
  ctx: Context,
  tx: Transaction,
  { cartId, order }: { cartId: CartId; order: OrderSnapshot },
): Promise<void> => {
  const fate = await lockCart(tx, cartId)
  if (fate?.state !== 'open') return
  const cart = await existing(tx, cartId)
  await refillCart(tx, cartId, holding(cart, surplusOf(cart.lines, order.lines), ctx.clock.now()))
}

const holding = (cart: StoredCart, lines: readonly StoredLine[], now: Date) => ({
  contact: cart.contact,
  address: cart.address,
  deliveryOption: cart.deliveryOption,
  lines,
  now,
})

const existing = async (tx: Transaction, cartId: CartId): Promise<StoredCart> => {
  const cart = await loadCart(tx, cartId)
  if (cart === undefined) throw new Error('A cart that was locked is not there')
  return cart
}
