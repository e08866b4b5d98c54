import type { CartId } from '@comptoir/contracts/ids'
import type { Database, Queryable, Transaction } from '@comptoir/service-kit/database'
import { prepared } from '@comptoir/service-kit/prepared'
import { asc, eq, type SQL, sql } from 'drizzle-orm'
import type { StoredCart, StoredLine } from '../domain/cart.ts'
import type { Owner } from '../domain/owner.ts'
import { cartLines, carts } from './schema.ts'

const columns = {
  id: carts.id,
  version: carts.version,
  contact: carts.contact,
  address: carts.address,
  deliveryOption: carts.deliveryOption,
  line: {
    variantId: cartLines.variantId,
    quantity: cartLines.quantity,
    productId: cartLines.productId,
    sku: cartLines.sku,
    name: cartLines.name,
    taxClass: cartLines.taxClass,
  },
}

// One statement, so that the version and the lines belong together.
const selectCart = (queryable: Queryable, where: SQL) =>
  queryable
    .select(columns)
    .from(carts)
    .leftJoin(cartLines, eq(cartLines.cartId, carts.id))
    .where(where)
    .orderBy(asc(cartLines.addedAt), asc(cartLines.variantId))

type CartRow = Awaited<ReturnType<typeof selectCart>>[number]

// The state is written out: as a parameter it would keep the partial index from being used.
const openCartOf = (owner: { kind: unknown; id: unknown }): SQL =>
  sql`${carts.ownerKind} = ${owner.kind} and ${carts.ownerId} = ${owner.id} and ${carts.state} = 'open'`

const byOwner = prepared((db) =>
  selectCart(db, openCartOf({ kind: sql.placeholder('kind'), id: sql.placeholder('id') })),
)
const byId = prepared((db) => selectCart(db, eq(carts.id, sql.placeholder('id'))))

export interface CartQueries {
  openCart(owner: Owner): Promise<StoredCart | undefined>
}

export const prepareCartQueries = (db: Database): CartQueries => ({
  openCart: async ({ kind, id }) => cartOf(await byOwner(db, { kind, id })),
})

/** The shopper's open cart as this transaction sees it now. */
export const loadOpenCart = async (tx: Transaction, { kind, id }: Owner): Promise<StoredCart | undefined> =>
  cartOf(await byOwner(tx, { kind, id }))

export const loadCart = async (tx: Transaction, cartId: CartId): Promise<StoredCart | undefined> =>
  cartOf(await byId(tx, { id: cartId }))

/** Makes the shopper's first cart; undefined when somebody else just made it. */
export const createCart = async (
  queryable: Queryable,
  owner: Owner,
  cartId: CartId,
): Promise<CartId | undefined> => {
  const [created] = await queryable
    .insert(carts)
    .values({ id: cartId, ownerKind: owner.kind, ownerId: owner.id })
    .onConflictDoNothing()
    .returning({ id: carts.id })
  return created?.id
}

const cartOf = (rows: readonly CartRow[]): StoredCart | undefined => {
  const [first] = rows
  if (first === undefined) return undefined
  const { line: _, ...cart } = first
  return { ...cart, lines: rows.flatMap(({ line }): StoredLine[] => (line === null ? [] : [line])) }
}
