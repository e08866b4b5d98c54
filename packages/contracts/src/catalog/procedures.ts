/** What catalog answers. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { CategoryId, OrderId, ProductId, VariantId } from '../ids.ts'
import { AmountMinor } from '../money.ts'
import { Cursor, Limit, pageOf } from '../page.ts'
import { line, text } from '../text.ts'
import { IfVersion } from '../version.ts'
import {
  Category,
  ImportReport,
  NewProduct,
  OutOfStock,
  Product,
  ProductChange,
  ProductSummary,
  Quote,
  Reservation,
  Slug,
  StockLevel,
  StockLine,
} from './model.ts'

const PRODUCT_NOT_FOUND = { status: 404, message: 'There is no such product.' } as const
const VARIANT_NOT_FOUND = { status: 404, message: 'There is no such variant.' } as const
const CATEGORY_NOT_FOUND = { status: 404, message: 'There is no such category.' } as const
const SKU_TAKEN = {
  status: 409,
  message: 'Another variant has this sku.',
  data: z.object({ sku: z.string() }),
} as const
const SLUG_TAKEN = { status: 409, message: 'Something else has this slug.' } as const

export const catalog = {
  listProducts: query({
    summary: 'Products that can be bought, page by page',
    access: 'public',
    http: { method: 'GET', path: '/v1/products' },
    cacheSeconds: 5,
    input: z.strictObject({
      q: text(200).optional().describe('Words of the name or the sku'),
      category: text(120).optional().describe('Slug or id; its sub-categories are included'),
      priceMin: AmountMinor.min(0).optional().describe('Minor units'),
      priceMax: AmountMinor.min(0).optional().describe('Minor units'),
      inStock: z.boolean().optional(),
      sort: z.enum(['name', 'newest', 'price', '-price']).optional().describe('newest unless told'),
      limit: Limit,
      cursor: Cursor,
    }),
    output: pageOf(ProductSummary),
    errors: { CURSOR_INVALID: { status: 400, message: 'This cursor does not belong to this list.' } },
  }),
  getProduct: query({
    summary: 'One product by its id or slug',
    access: 'public',
    http: { method: 'GET', path: '/v1/products/{productId}' },
    cacheSeconds: 5,
    input: z.strictObject({ productId: z.union([ProductId, Slug]) }),
    output: Product,
    errors: { PRODUCT_NOT_FOUND },
  }),
  createProduct: mutation({
    summary: 'Add a product with its variants and opening stock',
    access: 'catalog:write',
    http: { method: 'POST', path: '/v1/products', status: 201 },
    idempotent: 'optional',
    input: NewProduct,
    output: Product,
    errors: { SKU_TAKEN, SLUG_TAKEN, CATEGORY_NOT_FOUND },
  }),
  updateProduct: mutation({
    summary: 'Change a product or its prices',
    access: 'catalog:write',
    http: { method: 'PATCH', path: '/v1/products/{productId}' },
    idempotent: 'optional',
    concurrency: 'version',
    input: ProductChange,
    output: Product,
    errors: { PRODUCT_NOT_FOUND, VARIANT_NOT_FOUND, CATEGORY_NOT_FOUND },
  }),
  archiveProduct: mutation({
    summary: 'Take a product off sale; orders keep it',
    access: 'catalog:write',
    http: { method: 'DELETE', path: '/v1/products/{productId}', status: 204 },
    concurrency: 'version',
    input: z.strictObject({ productId: ProductId, version: IfVersion }),
    output: z.null(),
    errors: { PRODUCT_NOT_FOUND },
  }),
  importProducts: mutation({
    summary: 'Create or update many simple products by sku; a bad row is reported and the others go in',
    access: 'catalog:write',
    priority: 'crawl',
    timeoutMs: 10_000,
    input: z.strictObject({
      rows: z.array(z.unknown()).min(1).max(1000).describe('ImportRow each, checked row by row'),
    }),
    output: ImportReport,
  }),
  listCategories: query({
    summary: 'The whole category tree, parents before children',
    access: 'public',
    http: { method: 'GET', path: '/v1/categories' },
    cacheSeconds: 60,
    input: z.strictObject({}),
    output: z.object({ items: z.array(Category) }),
  }),
  createCategory: mutation({
    summary: 'Add a category',
    access: 'catalog:write',
    http: { method: 'POST', path: '/v1/categories', status: 201 },
    idempotent: 'optional',
    input: z.strictObject({ name: line(100), slug: Slug.optional(), parentId: CategoryId.optional() }),
    output: Category,
    errors: { SLUG_TAKEN, CATEGORY_NOT_FOUND },
  }),
  getStock: query({
    summary: 'The stock of a variant',
    access: 'stock:write',
    http: { method: 'GET', path: '/v1/variants/{variantId}/stock' },
    input: z.strictObject({ variantId: VariantId }),
    output: StockLevel,
    errors: { VARIANT_NOT_FOUND },
  }),
  adjustStock: mutation({
    summary: 'Receive units, or correct the count',
    access: 'stock:write',
    http: { method: 'POST', path: '/v1/variants/{variantId}/stock' },
    idempotent: 'required',
    input: z.strictObject({
      variantId: VariantId,
      kind: z.enum(['received', 'adjusted']),
      quantity: z
        .number()
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .refine((n) => n !== 0, 'Expected a number other than 0'),
      reason: line(200).optional(),
    }),
    output: StockLevel,
    errors: {
      VARIANT_NOT_FOUND,
      STOCK_INSUFFICIENT: { status: 409, message: 'Fewer units would be left than are allocated to orders.' },
    },
  }),
  quote: query({
    summary: 'Prices and availability of the lines of a cart',
    access: 'internal',
    input: z.strictObject({ variantIds: z.array(VariantId).min(1).max(100) }),
    output: z.object({ quotes: z.array(Quote).describe('Unknown variants are left out') }),
  }),
  reserveStock: mutation({
    summary: 'Hold the units of an order, all lines or none; repeating it answers the same',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId, lines: z.array(StockLine).min(1).max(100) }),
    output: Reservation,
    errors: {
      OUT_OF_STOCK: { status: 409, message: 'Some lines are not in stock any more.', data: OutOfStock },
      RESERVATION_CLOSED: { status: 409, message: 'The reservation of this order has already ended.' },
    },
  }),
  commitReservation: mutation({
    summary: 'Make an order’s hold final; an expired one is taken again if the units are still there',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId }),
    output: Reservation,
    errors: {
      RESERVATION_NOT_FOUND: { status: 404, message: 'There is no reservation for this order.' },
      RESERVATION_CLOSED: { status: 409, message: 'The reservation of this order has already ended.' },
      OUT_OF_STOCK: { status: 409, message: 'Some lines are not in stock any more.', data: OutOfStock },
    },
  }),
  releaseReservation: mutation({
    summary: 'Give an order’s units back; repeating it changes nothing',
    access: 'internal',
    input: z.strictObject({ orderId: OrderId }),
    output: z.object({ state: z.enum(['released', 'expired', 'shipped', 'none']) }),
  }),
}
