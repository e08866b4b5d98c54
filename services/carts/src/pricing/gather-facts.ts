import type { VariantId } from '@comptoir/contracts/ids'
import type { Context } from '../context.ts'
import type { StoredCart } from '../domain/cart.ts'
import { type Facts, unaskedDelivery } from '../domain/price-cart.ts'

type Clients = Context['clients']

/** Asks the catalogue and delivery for what is missing to price a cart. Never call it inside a transaction. */
export const gatherFacts = async (clients: Clients, cart: StoredCart, known: Facts): Promise<Facts> => {
  const quoted = await gatherQuotes(
    clients,
    cart.lines.map((line) => line.variantId),
    known,
  )
  const wanted = unaskedDelivery(cart, quoted)
  if (wanted === undefined) return quoted
  const { items } = await clients.delivery.quoteOptions(wanted)
  return { ...quoted, delivery: { ...wanted, options: items } }
}

/** Asks the catalogue for the quotes that are missing. Never call it inside a transaction. */
export const gatherQuotes = async (
  clients: Clients,
  variantIds: readonly VariantId[],
  known: Facts,
): Promise<Facts> => {
  const missing = [...new Set(variantIds)].filter((variantId) => !known.quotes.has(variantId))
  if (missing.length === 0) return known
  const { quotes } = await clients.catalog.quote({ variantIds: missing })
  const answered = new Map(quotes.map((quote) => [quote.variantId, quote]))
  const added = missing.map((variantId) => [variantId, answered.get(variantId) ?? null] as const)
  return { ...known, quotes: new Map([...known.quotes, ...added]) }
}
