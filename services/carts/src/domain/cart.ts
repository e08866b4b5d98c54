import type { Contact } from '@comptoir/contracts/carts/model'
import type { TaxClass } from '@comptoir/contracts/catalog/model'
import type { CartId, ProductId, VariantId } from '@comptoir/contracts/ids'
import type { Address } from '@comptoir/contracts/text'

export type CartState = 'open' | 'ordered' | 'merged'

export const linesMax = 100
export const quantityMax = 10_000

/** What the shopper chose. The copy of sku and name shows a line whose variant is no longer sold. */
export interface StoredLine {
  readonly variantId: VariantId
  readonly quantity: number
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly taxClass: TaxClass
}

export interface StoredCart {
  readonly id: CartId
  readonly version: number
  readonly contact: Contact | null
  readonly address: Address | null
  readonly deliveryOption: string | null
  readonly lines: readonly StoredLine[]
}

/** A cart that nothing was put into yet. */
export const emptyCart = (id: CartId): StoredCart => ({
  id,
  version: 1,
  contact: null,
  address: null,
  deliveryOption: null,
  lines: [],
})

/** Nothing in it and nothing said: it can give way to another cart without a loss. */
export const isBlank = (cart: StoredCart): boolean =>
  cart.lines.length === 0 && cart.address === null && cart.contact === null && cart.deliveryOption === null

/** The part of a cart, stored or priced, that limits speak of. */
interface Filled {
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
}

export const isOverfull = (cart: Filled): boolean =>
  cart.lines.length > linesMax || cart.lines.some((line) => line.quantity > quantityMax)

export const hasLine = (cart: Filled, variantId: VariantId): boolean =>
  cart.lines.some((line) => line.variantId === variantId)

/** The cart with units of a variant added to those already there. */
export const withAdded = (cart: StoredCart, added: StoredLine): StoredCart => {
  if (!hasLine(cart, added.variantId)) return { ...cart, lines: [...cart.lines, added] }
  return { ...cart, lines: cart.lines.map((line) => grown(line, added)) }
}

const grown = (line: StoredLine, added: StoredLine): StoredLine =>
  line.variantId === added.variantId ? { ...line, quantity: line.quantity + added.quantity } : line

/** The cart with one line's quantity replaced; zero takes the line out. */
export const withQuantity = (cart: StoredCart, variantId: VariantId, quantity: number): StoredCart => {
  const lines = cart.lines.map((line) => (line.variantId === variantId ? { ...line, quantity } : line))
  return { ...cart, lines: lines.filter((line) => line.quantity > 0) }
}
