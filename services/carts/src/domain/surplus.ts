import type { StockLine } from '@comptoir/contracts/catalog/model'
import type { StoredLine } from './cart.ts'

/** The lines and units of a cart that an order did not take. */
export const surplusOf = (lines: readonly StoredLine[], ordered: readonly StockLine[]): StoredLine[] => {
  const taken = new Map<string, number>()
  for (const line of ordered) taken.set(line.variantId, (taken.get(line.variantId) ?? 0) + line.quantity)
  return lines
    .map((line) => ({ ...line, quantity: line.quantity - (taken.get(line.variantId) ?? 0) }))
    .filter((line) => line.quantity > 0)
}
