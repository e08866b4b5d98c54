import type { CartId, VariantId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { given, prepared, statement } from '@comptoir/service-kit/prepared'
import { and, eq, sql } from 'drizzle-orm'
import type { StoredCart, StoredLine } from '../domain/cart.ts'
import type { Owner } from '../domain/owner.ts'
import { cartLines, carts } from './schema.ts'

/** Who changes the cart, when, and the id it gets if this change is the first. */
export interface Changing {
  readonly owner: Owner
  readonly newCartId: CartId
  readonly now: Date
}

type Said = Partial<Pick<StoredCart, 'contact' | 'address' | 'deliveryOption'>>

/** Raises the version of the shopper's open cart and so takes its lock; makes the cart where there is none. */
export const touchCart = async (
  tx: Transaction,
  { owner, newCartId, now }: Changing,
  said: Said = {},
): Promise<void> => {
  const names = saidNames.filter((name) => Object.hasOwn(said, name))
  const key = names.join()
  const touch = touches.get(key) ?? touching(names)
  touches.set(key, touch)
  await touch(tx, { ...said, id: newCartId, ownerKind: owner.kind, ownerId: owner.id, updatedAt: now })
}

const saidNames = ['contact', 'address', 'deliveryOption'] as const satisfies (keyof Said)[]
// One statement for each set of fields that may be said together.
const touches = new Map<string, ReturnType<typeof touching>>()

const touching = (names: readonly (keyof Said)[]) =>
  prepared((db) =>
    db
      .insert(carts)
      .values(given(carts, ['id', 'ownerKind', 'ownerId', ...names]))
      .onConflictDoUpdate({
        target: [carts.ownerKind, carts.ownerId],
        targetWhere: sql`state = 'open'`,
        set: { ...given(carts, ['updatedAt', ...names]), version: sql`${carts.version} + 1` },
      }),
  )

/** Adds units of a variant, in one statement with the version, because shoppers do nothing more often. */
export const addToLine = async (tx: Transaction, changing: Changing, line: StoredLine): Promise<void> => {
  const { owner, newCartId, now } = changing
  await addUnits(tx, {
    ...line,
    cartId: newCartId,
    ownerKind: owner.kind,
    ownerId: owner.id,
    now: now.toISOString(),
  })
}

const the = sql.placeholder

const addUnits = statement(sql`
  with cart as (
    insert into carts (id, owner_kind, owner_id) values (${the('cartId')}, ${the('ownerKind')}, ${the('ownerId')})
    on conflict (owner_kind, owner_id) where state = 'open'
    do update set version = carts.version + 1, updated_at = ${the('now')}
    returning id
  )
  insert into cart_lines (cart_id, variant_id, quantity, product_id, sku, name, tax_class, added_at)
  select cart.id, ${the('variantId')}::uuid, ${the('quantity')}::integer, ${the('productId')}::uuid,
    ${the('sku')}, ${the('name')}, ${the('taxClass')}, ${the('now')}::timestamptz
  from cart
  on conflict (cart_id, variant_id) do update set
    quantity = cart_lines.quantity + excluded.quantity, sku = excluded.sku, name = excluded.name,
    tax_class = excluded.tax_class`)

/** Sets the units of a line of the shopper's open cart; zero takes it out. */
export const setLine = async (
  tx: Transaction,
  owner: Owner,
  line: { variantId: VariantId; quantity: number },
): Promise<void> => {
  const itsLine = and(
    sql`${cartLines.cartId} = ${openCartId(owner)}`,
    eq(cartLines.variantId, line.variantId),
  )
  if (line.quantity === 0) await tx.delete(cartLines).where(itsLine)
  else await tx.update(cartLines).set({ quantity: line.quantity }).where(itsLine)
}

/** Takes every line out of the shopper's open cart. */
export const removeLines = async (tx: Transaction, owner: Owner): Promise<void> => {
  await tx.delete(cartLines).where(sql`${cartLines.cartId} = ${openCartId(owner)}`)
}

const openCartId = (owner: Owner) =>
  sql`(select id from carts where owner_kind = ${owner.kind} and owner_id = ${owner.id} and state = 'open')`
