import type { InputOf } from '@comptoir/contracts/contract'
import type { Quote } from '@comptoir/contracts/catalog/model'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { ProductId, VariantId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'

export const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })

type QuoteInput = InputOf<typeof catalog.quote>
type OptionsInput = InputOf<typeof delivery.quoteOptions>

/** A catalogue and a delivery that a test can change, and that count how often they are asked. */
export const createFakeShop = () => {
  const quotes = new Map<string, Quote>()
  const asked: { quotes: QuoteInput[]; options: OptionsInput[] } = { quotes: [], options: [] }
  const clients = {
    catalog: {
      quote: async (input: QuoteInput) => {
        asked.quotes.push(input)
        return { quotes: input.variantIds.flatMap((id) => quotes.get(id) ?? []) }
      },
    },
    delivery: {
      quoteOptions: async (input: OptionsInput) => {
        asked.options.push(input)
        const priceMinor = input.subtotal.amountMinor >= 5_000 ? 0 : 395
        const standard = {
          code: 'standard',
          name: 'Standard',
          price: gbp(priceMinor),
          daysMin: 2,
          daysMax: 4,
        }
        return { items: input.country === 'GB' ? [standard] : [] }
      },
    },
  }
  /** Puts a variant on sale and answers its id. */
  const sell = (change: Partial<Quote> = {}): VariantId => {
    const variantId = systemIds.next<VariantId>()
    quotes.set(variantId, {
      variantId,
      productId: systemIds.next<ProductId>(),
      sku: `SKU-${quotes.size}`,
      name: 'Mug',
      imageUrl: null,
      price: gbp(1_000),
      taxClass: 'standard',
      available: 1_000_000,
      sellable: true,
      ...change,
    })
    return variantId
  }
  const change = (variantId: VariantId, to: Partial<Quote>) => {
    const quote = quotes.get(variantId)
    if (quote !== undefined) quotes.set(variantId, { ...quote, ...to })
  }
  return { clients, asked, sell, change, forget: (variantId: VariantId) => quotes.delete(variantId) }
}
