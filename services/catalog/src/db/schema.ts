import { ProductStatus, ReservationState, TaxClass } from '@comptoir/contracts/catalog/model'
import type { CategoryId, OrderId, ProductId, VariantId } from '@comptoir/contracts/ids'
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { movementKinds } from '../domain/stock.ts'

export { deadLetters, idempotencyKeys, inbox, outbox, redactions } from '@comptoir/service-kit/tables'

// Milliseconds are what cursors and answers carry, so the columns hold no more than that.
const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' })
const madeAt = () => moment().notNull().defaultNow()
const minor = () => bigint({ mode: 'number' }).notNull()
const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '))

/** `path` is the slugs from the root, joined by slashes: a category's sub-categories start with it. */
export const categories = pgTable('categories', {
  id: uuid().$type<CategoryId>().primaryKey(),
  // createCategory refuses a taken slug; listProducts finds its category by it.
  slug: text().notNull().unique(),
  name: text().notNull(),
  parentId: uuid()
    .$type<CategoryId>()
    .references((): AnyPgColumn => categories.id),
  // listProducts: the sub-categories of a category; listCategories: parents before children.
  path: text().notNull().unique(),
  createdAt: madeAt(),
})

/** `priceMinor` and `currency` repeat the cheapest variant, `search` the name and every sku: lists need one table. */
export const products = pgTable(
  'products',
  {
    id: uuid().$type<ProductId>().primaryKey(),
    // getProduct by slug; a slug is taken once.
    slug: text().notNull().unique(),
    name: text().notNull(),
    description: text().notNull().default(''),
    imageUrl: text(),
    categoryId: uuid()
      .$type<CategoryId>()
      .references(() => categories.id),
    status: text().$type<z.infer<typeof ProductStatus>>().notNull().default('active'),
    priceMinor: minor(),
    currency: text().notNull(),
    search: text().notNull(),
    version: integer().notNull().default(1),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
  (t) => [
    check('products_status', sql`${t.status} in (${oneOf(ProductStatus.options)})`),
    // listProducts, newest first: read backwards. A descending index of drizzle's puts nulls last and would not serve.
    index('products_newest')
      .on(t.createdAt, t.id)
      .where(sql`${t.status} = 'active'`),
    // listProducts, by name.
    index('products_by_name')
      .on(sql`lower(${t.name})`, t.id)
      .where(sql`${t.status} = 'active'`),
    // listProducts, by price either way, and between two prices.
    index('products_by_price')
      .on(t.priceMinor, t.id)
      .where(sql`${t.status} = 'active'`),
    // listProducts of a category.
    index('products_by_category')
      .on(t.categoryId, t.createdAt, t.id)
      .where(sql`${t.status} = 'active'`),
    // listProducts with words.
    index('products_search').using('gin', t.search.op('gin_trgm_ops')),
  ],
)

export const variants = pgTable(
  'variants',
  {
    id: uuid().$type<VariantId>().primaryKey(),
    productId: uuid()
      .$type<ProductId>()
      .notNull()
      .references(() => products.id),
    // importProducts finds what it updates by sku; a sku is taken once.
    sku: text().notNull().unique(),
    name: text(),
    priceMinor: minor(),
    currency: text().notNull(),
    taxClass: text().$type<TaxClass>().notNull().default('standard'),
    position: integer().notNull().default(0),
  },
  (t) => [
    check('variants_price', sql`${t.priceMinor} >= 0`),
    check('variants_tax_class', sql`${t.taxClass} in (${oneOf(TaxClass.options)})`),
    // getProduct and listProducts: the variants of a product in their order.
    index('variants_by_product').on(t.productId, t.position),
  ],
)

/** What is there and what is promised. Changed by conditional updates only; never read, decided on and written back. */
export const stockLevels = pgTable(
  'stock_levels',
  {
    variantId: uuid()
      .$type<VariantId>()
      .primaryKey()
      .references(() => variants.id),
    onHand: integer().notNull(),
    allocated: integer().notNull().default(0),
    version: integer().notNull().default(1),
    updatedAt: madeAt(),
  },
  (t) => [check('stock_levels_allocated', sql`${t.allocated} between 0 and ${t.onHand}`)],
)

/**
 * Append-only; its sums equal the levels. No foreign keys here and in reservation_lines: they would lock the row of a
 * popular variant once more for every order, and rows are only ever written from a level that was just changed.
 */
export const stockMovements = pgTable(
  'stock_movements',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    variantId: uuid().$type<VariantId>().notNull(),
    kind: text({ enum: movementKinds }).notNull(),
    quantity: integer().notNull(),
    orderId: uuid().$type<OrderId>(),
    reason: text(),
    at: madeAt(),
  },
  (t) => [
    check('stock_movements_kind', sql`${t.kind} in (${oneOf(movementKinds)})`),
    check(
      'stock_movements_quantity',
      sql`${t.quantity} > 0 or (${t.kind} = 'adjusted' and ${t.quantity} <> 0)`,
    ),
    // Adding up the movements of a variant.
    index('stock_movements_by_variant').on(t.variantId, t.id),
  ],
)

export const reservations = pgTable(
  'reservations',
  {
    orderId: uuid().$type<OrderId>().primaryKey(),
    state: text().$type<ReservationState>().notNull(),
    expiresAt: moment().notNull(),
    version: integer().notNull().default(1),
    createdAt: madeAt(),
    updatedAt: madeAt(),
  },
  (t) => [
    check('reservations_state', sql`${t.state} in (${oneOf(ReservationState.options)})`),
    // The sweeper: holds that are due.
    index('reservations_due')
      .on(t.expiresAt)
      .where(sql`${t.state} = 'held'`),
  ],
)

export const reservationLines = pgTable(
  'reservation_lines',
  {
    orderId: uuid()
      .$type<OrderId>()
      .notNull()
      .references(() => reservations.orderId),
    variantId: uuid().$type<VariantId>().notNull(),
    quantity: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.variantId] }),
    check('reservation_lines_quantity', sql`${t.quantity} > 0`),
  ],
)
