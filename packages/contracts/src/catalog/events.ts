/** What catalog tells. */
import { z } from 'zod'
import { event } from '../event.ts'
import { VariantId } from '../ids.ts'
import { Product, Sku } from './model.ts'

const ProductData = Product.omit({ createdAt: true, updatedAt: true })

export const productCreated = event({
  subject: 'catalog.product.created.v1',
  aggregate: 'product',
  data: ProductData,
})
export const productUpdated = event({
  subject: 'catalog.product.updated.v1',
  aggregate: 'product',
  data: ProductData,
})
export const productArchived = event({
  subject: 'catalog.product.archived.v1',
  aggregate: 'product',
  data: ProductData,
})

/** The level after a change. Aggregate: the variant’s stock level. */
export const stockChanged = event({
  subject: 'catalog.stock.changed.v1',
  aggregate: 'stock_level',
  data: z.object({
    variantId: VariantId,
    sku: Sku,
    onHand: z.number().int(),
    allocated: z.number().int(),
    available: z.number().int(),
  }),
})
