/** Products, their variants, categories and stock. */
import { z } from 'zod'
import { CategoryId, OrderId, ProductId, VariantId } from '../ids.ts'
import { Price } from '../money.ts'
import { line, text, Timestamp } from '../text.ts'
import { IfVersion } from '../version.ts'

export const Slug = z
  .string()
  .max(120)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Expected lower-case words joined by hyphens')
export const Sku = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/, 'Expected letters, digits, dots, hyphens or underscores')
export const ProductStatus = z.enum(['active', 'archived'])
/** How a variant is taxed; each country gives the classes their rates. */
export const TaxClass = z.enum(['standard', 'reduced', 'zero'])
export type TaxClass = z.infer<typeof TaxClass>
export const Quantity = z.number().int().min(1).max(10_000)

export const Variant = z.object({
  id: VariantId,
  sku: Sku,
  name: z.string().nullable(),
  price: Price,
  taxClass: TaxClass,
  available: z.number().int().describe('Units that can be sold now'),
})
export type Variant = z.infer<typeof Variant>

export const Product = z.object({
  id: ProductId,
  slug: Slug,
  name: z.string(),
  description: z.string(),
  imageUrl: z.url().nullable(),
  categoryId: CategoryId.nullable(),
  status: ProductStatus,
  variants: z.array(Variant),
  version: z.number().int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Product = z.infer<typeof Product>

/** A product as lists show it: `price` is that of its cheapest variant. */
export const ProductSummary = z.object({
  id: ProductId,
  slug: Slug,
  name: z.string(),
  imageUrl: z.url().nullable(),
  categoryId: CategoryId.nullable(),
  price: Price,
  inStock: z.boolean(),
})
export type ProductSummary = z.infer<typeof ProductSummary>

export const NewVariant = z.strictObject({
  sku: Sku,
  name: line(200).optional(),
  price: Price,
  taxClass: TaxClass.optional(),
  onHand: z.number().int().min(0).max(10_000_000).optional().describe('Opening stock'),
})

export const NewProduct = z.strictObject({
  name: line(200),
  slug: Slug.optional(),
  description: text(20_000).optional(),
  imageUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  categoryId: CategoryId.optional(),
  variants: z.array(NewVariant).min(1).max(100),
})
export type NewProduct = z.infer<typeof NewProduct>

export const ProductChange = z.strictObject({
  productId: ProductId,
  version: IfVersion,
  name: line(200).optional(),
  description: text(20_000).optional(),
  imageUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .optional(),
  categoryId: CategoryId.nullable().optional(),
  prices: z
    .array(z.strictObject({ variantId: VariantId, price: Price }))
    .max(100)
    .optional(),
})

export const Category = z.object({
  id: CategoryId,
  slug: Slug,
  name: z.string(),
  parentId: CategoryId.nullable(),
})
export type Category = z.infer<typeof Category>

/** One row of an import: a simple product, its category given as a path such as `Home/Candles`. */
export const ImportRow = z.strictObject({
  sku: Sku,
  name: line(200),
  description: text(20_000).optional(),
  category: text(300).optional(),
  imageUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  price: Price,
  onHand: z.number().int().min(0).max(10_000_000).optional(),
})
export type ImportRow = z.infer<typeof ImportRow>

export const ImportReport = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.array(
    z.object({ row: z.number().int(), sku: z.string().nullable(), pointer: z.string(), message: z.string() }),
  ),
})
export type ImportReport = z.infer<typeof ImportReport>

export const StockLevel = z.object({
  variantId: VariantId,
  onHand: z.number().int(),
  allocated: z.number().int(),
  available: z.number().int(),
  version: z.number().int(),
})
export type StockLevel = z.infer<typeof StockLevel>

export const StockLine = z.strictObject({ variantId: VariantId, quantity: Quantity })
export type StockLine = z.infer<typeof StockLine>

/** Every line that is short, with what could be had. */
export const OutOfStock = z.object({
  lines: z.array(
    z.object({ variantId: VariantId, requested: z.number().int(), available: z.number().int() }),
  ),
})
export type OutOfStock = z.infer<typeof OutOfStock>

export const ReservationState = z.enum(['held', 'committed', 'released', 'expired', 'shipped'])
export type ReservationState = z.infer<typeof ReservationState>
export const Reservation = z.object({ orderId: OrderId, state: ReservationState, expiresAt: Timestamp })
export type Reservation = z.infer<typeof Reservation>

/** What a cart needs to know of a variant to price it. */
export const Quote = z.object({
  variantId: VariantId,
  productId: ProductId,
  sku: Sku,
  name: z.string(),
  imageUrl: z.url().nullable(),
  price: Price,
  taxClass: TaxClass,
  available: z.number().int(),
  sellable: z.boolean().describe('False once the product is archived'),
})
export type Quote = z.infer<typeof Quote>
