import { productCreated } from '@comptoir/contracts/catalog/events'
import type { NewProduct, Product, TaxClass } from '@comptoir/contracts/catalog/model'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { InputOf } from '@comptoir/contracts/contract'
import type { FieldFault } from '@comptoir/contracts/errors'
import { type DataOf, type EventContract, type Occurrence, occurred } from '@comptoir/contracts/event'
import type { CategoryId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { storable } from './text.ts'

/** What updateProduct is asked to change. */
export type ProductChange = InputOf<typeof catalog.updateProduct>

interface VariantDraft {
  id: VariantId
  productId: ProductId
  sku: string
  name: string | null
  priceMinor: number
  currency: string
  taxClass: TaxClass
  position: number
  onHand: number
}

/** A product as it is about to be written: its ids and its slug are settled. */
export interface ProductDraft {
  id: ProductId
  slug: string
  name: string
  description: string
  imageUrl: string | null
  categoryId: CategoryId | null
  priceMinor: number
  currency: string
  search: string
  variants: VariantDraft[]
}

type ProductData = DataOf<typeof productCreated>
/** Any of the product events: they share one payload. */
type ProductEvent = EventContract<string, 'product', (typeof productCreated)['data']>

/** Settles a new product. `nextId` gives the ids of the variants. */
export const draftProduct = (
  given: NewProduct,
  settled: { id: ProductId; slug: string; nextId: () => VariantId },
): ProductDraft => {
  const variants = given.variants.map((variant, position) => ({
    id: settled.nextId(),
    productId: settled.id,
    sku: variant.sku,
    name: variant.name ?? null,
    priceMinor: variant.price.amountMinor,
    currency: variant.price.currency,
    taxClass: variant.taxClass ?? ('standard' as const),
    position,
    onHand: variant.onHand ?? 0,
  }))
  const skus = variants.map(({ sku }) => sku)
  return {
    id: settled.id,
    slug: settled.slug,
    name: given.name,
    description: storable(given.description ?? ''),
    imageUrl: given.imageUrl === undefined ? null : storable(given.imageUrl),
    categoryId: given.categoryId ?? null,
    priceMinor: Math.min(...variants.map(({ priceMinor }) => priceMinor)),
    currency: variants[0]?.currency ?? '',
    search: searchText(given.name, skus),
    variants,
  }
}

/** What a search looks in. */
export const searchText = (name: string, skus: readonly string[]): string => [name, ...skus].join(' ')

/** Prices of one product must compare, so they have one currency. */
export const currencyFaults = (variants: NewProduct['variants']): FieldFault[] =>
  variants.flatMap(({ price }, index) =>
    price.currency === variants[0]?.price.currency
      ? []
      : [
          {
            pointer: `/variants/${index}/price/currency`,
            message: 'Expected the currency of the first variant',
          },
        ],
  )

/** A variant has one new price: the last that is given. */
export const lastPrices = (
  prices: NonNullable<ProductChange['prices']>,
): NonNullable<ProductChange['prices']> => [
  ...new Map(prices.map((given) => [given.variantId, given])).values(),
]

/** A change whose texts PostgreSQL can hold. */
export const storableChange = (change: ProductChange): ProductChange => ({
  ...change,
  ...(change.description === undefined ? {} : { description: storable(change.description) }),
  ...(typeof change.imageUrl === 'string' ? { imageUrl: storable(change.imageUrl) } : {}),
})

/** The event of a product as it is now. */
export const productEvent = (contract: ProductEvent, product: Product): Occurrence => {
  const { createdAt: _, updatedAt: __, ...data } = product
  return occurred(contract, { aggregateId: product.id, version: product.version, data })
}

/** The event of a product that was just written as a draft. */
export const createdEvent = (draft: ProductDraft): Occurrence =>
  occurred(productCreated, { aggregateId: draft.id, version: 1, data: dataOfDraft(draft) })

const dataOfDraft = (draft: ProductDraft): ProductData => ({
  id: draft.id,
  slug: draft.slug,
  name: draft.name,
  description: draft.description,
  imageUrl: draft.imageUrl,
  categoryId: draft.categoryId,
  status: 'active',
  version: 1,
  variants: draft.variants.map((variant) => ({
    id: variant.id,
    sku: variant.sku,
    name: variant.name,
    price: { amountMinor: variant.priceMinor, currency: variant.currency },
    taxClass: variant.taxClass,
    available: variant.onHand,
  })),
})
