import { type Actor, isAccount } from '@comptoir/contracts/access'
import type { Cart } from '@comptoir/contracts/carts/model'
import type { OutOfStock } from '@comptoir/contracts/catalog/model'
import type { OrderId } from '@comptoir/contracts/ids'
import type { Price } from '@comptoir/contracts/money'
import type { OrderLine } from '@comptoir/contracts/orders/model'
import type { By, OrderState } from './order.ts'

/** A cart that lacks nothing. */
export type ReadyCart = Cart & {
  [K in 'contact' | 'address' | 'deliveryOption']: NonNullable<Cart[K]>
}

export const isReady = (cart: Cart): cart is ReadyCart =>
  cart.problems.length === 0 && cart.contact !== null && cart.address !== null && cart.deliveryOption !== null

/** The short lines, when shortness is all that is wrong with a cart. */
export const shortLines = (cart: Cart): OutOfStock | undefined => {
  const lines = cart.problems.flatMap((problem) =>
    problem.code === 'SHORT_OF_STOCK'
      ? [{ variantId: problem.variantId, requested: problem.requested, available: problem.available }]
      : [],
  )
  return lines.length > 0 && lines.length === cart.problems.length ? { lines } : undefined
}

/**
 * The id an order will have: the same for every retry of one operation on one state of the cart, so that a try that
 * died and its retry share one stock hold; another one once the cart has changed, because a hold keeps its lines.
 * A UUIDv7 of the operation's moment.
 */
export const orderIdOf = (operationId: string, cart: Pick<Cart, 'id' | 'version'>): OrderId => {
  const digest = new Bun.CryptoHasher('sha256')
    .update(`${operationId}:${cart.id}:${cart.version}`)
    .digest('hex')
  const moment = operationId.slice(0, 14)
  return `${moment}7${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}` as OrderId
}

/** Whose order it becomes. Undefined for a caller who is no shopper. */
export const ownerOf = (actor: Actor): OrderState['owner'] | undefined => {
  if (isAccount(actor)) return { kind: 'customer', id: actor.id }
  return actor.kind === 'guest' ? { kind: 'guest', id: actor.id } : undefined
}

export const sameAmount = (a: Price, b: Price): boolean =>
  a.amountMinor === b.amountMinor && a.currency === b.currency

/** The order a cart becomes, as yet without its number. */
export const orderFrom = (
  cart: ReadyCart,
  about: { id: OrderId; owner: OrderState['owner'] },
  by: By,
): OrderState => ({
  id: about.id,
  number: '',
  owner: about.owner,
  cartId: cart.id,
  cartVersion: cart.version,
  status: 'received',
  paymentStatus: 'unpaid',
  deliveryStatus: 'none',
  attention: null,
  lines: cart.lines.map(lineFrom),
  totals: cart.totals,
  contact: cart.contact,
  address: cart.address,
  deliveryOption: cart.deliveryOption,
  cancelReason: null,
  version: 1,
  moneyReturned: false,
  paymentVersion: 0,
  deliveryVersion: 0,
  placedAt: by.at,
  updatedAt: by.at,
})

const lineFrom = (line: ReadyCart['lines'][number]): OrderLine => ({
  variantId: line.variantId,
  productId: line.productId,
  sku: line.sku,
  name: line.name,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  total: line.total,
  taxClass: line.taxClass,
  tax: line.tax,
})
