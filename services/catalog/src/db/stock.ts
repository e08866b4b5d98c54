import type { StockLevel } from '@comptoir/contracts/catalog/model'
import type { VariantId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { sql } from 'drizzle-orm'
import type { Level } from '../domain/stock.ts'

const find = statement<StockLevel>(
  sql`select variant_id as "variantId", on_hand as "onHand", allocated, on_hand - allocated as available, version
    from stock_levels where variant_id = ${sql.placeholder('variantId')}::uuid`,
)

// The sum is made in bigint: a count near the end of an integer must be refused, not overflow.
const adjust = statement<Level>(sql`
  with changed as (
    update stock_levels
    set on_hand = on_hand + ${sql.placeholder('quantity')}::int, version = version + 1, updated_at = now()
    where variant_id = ${sql.placeholder('variantId')}::uuid
      and on_hand::bigint + ${sql.placeholder('quantity')}::int between allocated and 2000000000
    returning variant_id, on_hand, allocated, version
  ),
  moved as (
    insert into stock_movements (variant_id, kind, quantity, reason)
    select variant_id, ${sql.placeholder('kind')}, ${sql.placeholder('quantity')}::int, ${sql.placeholder('reason')}
    from changed
  )
  select c.variant_id as "variantId", v.sku, c.on_hand as "onHand", c.allocated, c.version
  from changed c join variants v on v.id = c.variant_id`)

export const findStock = async (on: Queryable, variantId: VariantId): Promise<StockLevel | undefined> =>
  (await find(on, { variantId }))[0]

/** Adds to what is on hand. Undefined when fewer units than are allocated would be left, or there is no such variant. */
export const adjustOnHand = async (
  tx: Transaction,
  change: { variantId: VariantId; kind: 'received' | 'adjusted'; quantity: number; reason: string | null },
): Promise<Level | undefined> => (await adjust(tx, change))[0]
