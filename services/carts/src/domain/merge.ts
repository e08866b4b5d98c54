import type { Contact } from '@comptoir/contracts/carts/model'
import type { Address } from '@comptoir/contracts/text'
import { linesMax, quantityMax, type StoredCart, type StoredLine } from './cart.ts'

export interface Merged {
  readonly contact: Contact | null
  readonly address: Address | null
  readonly deliveryOption: string | null
  readonly lines: readonly StoredLine[]
}

/**
 * What a customer's cart becomes when a guest's goes into it: quantities add up, the customer's own choices win.
 * What goes beyond the limits of a cart is dropped, from the guest's newest lines backwards.
 */
export const mergeCarts = (customer: StoredCart, guest: StoredCart): Merged => {
  const fromGuest = new Map(guest.lines.map((line) => [line.variantId, line.quantity]))
  const own = new Set(customer.lines.map((line) => line.variantId))
  const grown = customer.lines.map((line) => ({
    ...line,
    quantity: Math.min(quantityMax, line.quantity + (fromGuest.get(line.variantId) ?? 0)),
  }))
  const joined = guest.lines.filter((line) => !own.has(line.variantId))
  return {
    contact: customer.contact ?? guest.contact,
    address: customer.address ?? guest.address,
    deliveryOption: customer.deliveryOption ?? guest.deliveryOption,
    lines: [...grown, ...joined].slice(0, linesMax),
  }
}
