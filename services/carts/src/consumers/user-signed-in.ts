import { cartMerged } from '@comptoir/contracts/carts/events'
import { occurred } from '@comptoir/contracts/event'
import type { CartId } from '@comptoir/contracts/ids'
import type { userSignedIn } from '@comptoir/contracts/identity/events'
import type { Handler } from '@comptoir/service-kit/consumer'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { closeCart, giveCart, lockOpenCarts, refillCart, removeCart } from '../db/cart-endings.ts'
import { createCart, loadOpenCart } from '../db/carts.ts'
import { isErased } from '../db/erase-carts.ts'
import { isBlank, type StoredCart } from '../domain/cart.ts'
import { mergeCarts } from '../domain/merge.ts'
import type { Owner } from '../domain/owner.ts'

/** The guest's cart goes into the customer's, or becomes it where there is nothing to merge with. */
export const onUserSignedIn: Handler<typeof userSignedIn, Context> = async ({ ctx, tx, event }) => {
  const { userId, guestId } = event.data
  if (guestId === null || (await isErased(tx, userId))) return
  const carts = await openCarts(ctx, tx, { guestId, userId })
  if (carts === undefined) return
  const customer: Owner = { kind: 'customer', id: userId }
  const { cartId, version } = await join(tx, { ...carts, owner: customer, now: ctx.clock.now() })
  await ctx.emit(tx, [
    occurred(cartMerged, { aggregateId: cartId, version, data: { cartId, userId, guestId } }),
  ])
}

interface Two {
  readonly guest: StoredCart
  readonly customer: StoredCart
}

/** Both carts, locked; undefined when the guest has none with anything in it. */
const openCarts = async (
  ctx: Context,
  tx: Transaction,
  ids: { guestId: string; userId: string },
): Promise<Two | undefined> => {
  const guestOwner: Owner = { kind: 'guest', id: ids.guestId }
  const customerOwner: Owner = { kind: 'customer', id: ids.userId }
  const before = await loadOpenCart(tx, guestOwner)
  if (before === undefined || isBlank(before)) return undefined
  // A cart that certainly exists can be locked: a first read by the customer cannot come in between.
  await createCart(tx, customerOwner, ctx.ids.next<CartId>())
  await lockOpenCarts(tx, [guestOwner, customerOwner])
  const guest = await loadOpenCart(tx, guestOwner)
  if (guest === undefined) return undefined
  const customer = await loadOpenCart(tx, customerOwner)
  if (customer === undefined) throw new Error('The customer’s cart has ended meanwhile')
  return { guest, customer }
}

const join = async (
  tx: Transaction,
  { guest, customer, owner, now }: Two & { owner: Owner; now: Date },
): Promise<{ cartId: CartId; version: number }> => {
  if (isBlank(customer)) {
    await removeCart(tx, customer.id)
    return { cartId: guest.id, version: await giveCart(tx, guest.id, { owner, now }) }
  }
  await closeCart(tx, guest.id, { state: 'merged', mergedInto: customer.id, now })
  const version = await refillCart(tx, customer.id, { ...mergeCarts(customer, guest), now })
  return { cartId: customer.id, version }
}
