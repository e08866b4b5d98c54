import type { Contact } from '@comptoir/contracts/carts/model'
import type { TaxClass } from '@comptoir/contracts/catalog/model'
import type { CartId, ProductId, VariantId } from '@comptoir/contracts/ids'
import type { Address } from '@comptoir/contracts/text'
import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { CartState } from '../domain/cart.ts'
import type { Owner } from '../domain/owner.ts'

export {
  deadLetters,
  idempotencyKeysByAnswer as idempotencyKeys,
  inbox,
  outbox,
  redactions,
} from '@comptoir/service-kit/tables'

export const carts = pgTable(
  'carts',
  {
    id: uuid().$type<CartId>().primaryKey(),
    ownerKind: text().$type<Owner['kind']>().notNull(),
    ownerId: text().notNull(),
    state: text().$type<CartState>().notNull().default('open'),
    /** The cart that a guest's cart went into. */
    mergedInto: uuid().$type<CartId>(),
    version: integer().notNull().default(1),
    contact: jsonb().$type<Contact>(),
    address: jsonb().$type<Address>(),
    deliveryOption: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    // Finds a shopper's cart, and lets two first requests at once make one.
    uniqueIndex('carts_open_owner')
      .on(table.ownerKind, table.ownerId)
      .where(sql`state = 'open'`),
    // eraseCarts: whatever became of them.
    index('carts_owner').on(table.ownerKind, table.ownerId),
    // eraseCarts: those that went into theirs.
    index('carts_merged_into')
      .on(table.mergedInto)
      .where(sql`merged_into is not null`),
    check('carts_owner_kind', sql`owner_kind in ('guest', 'customer')`),
    check('carts_state', sql`state in ('open', 'ordered', 'merged')`),
  ],
)

export const cartLines = pgTable(
  'cart_lines',
  {
    cartId: uuid()
      .$type<CartId>()
      .notNull()
      .references(() => carts.id, { onDelete: 'cascade' }),
    variantId: uuid().$type<VariantId>().notNull(),
    quantity: integer().notNull(),
    productId: uuid().$type<ProductId>().notNull(),
    sku: text().notNull(),
    name: text().notNull(),
    taxClass: text().$type<TaxClass>().notNull(),
    addedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cartId, table.variantId] }),
    check('cart_lines_quantity', sql`quantity > 0`),
  ],
)

/** Shoppers who were erased, so that what comes late finds no cart of theirs. */
export const erasedOwners = pgTable(
  'erased_owners',
  {
    ownerId: text().primaryKey(),
    erasedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  // eraseCarts.
  (table) => [index('erased_owners_at').on(table.erasedAt)],
)
