import type { ProductId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { sql } from 'drizzle-orm'
import type { Change, Existing } from '../domain/import-plan.ts'

const existing = statement<Existing>(sql`
  select v.sku, p.id as "productId", v.id as "variantId", p.status, p.name, p.description, p.image_url as "imageUrl",
    p.category_id as "categoryId", v.price_minor::float8 as "priceMinor", v.currency,
    (select count(*)::int from variants other where other.product_id = p.id) as variants
  from variants v join products p on p.id = v.product_id
  where v.sku = any (array(select jsonb_array_elements_text(${sql.placeholder('skus')}::jsonb)))
  order by p.id
  for no key update of p`)

const change = statement<{ id: ProductId }>(sql`
  with given as (
    select * from jsonb_to_recordset(${sql.placeholder('changes')}::jsonb) as c("productId" uuid, "variantId" uuid,
      name text, description text, "imageUrl" text, "categoryId" uuid, "priceMinor" bigint, currency text, search text)
  ),
  variant as (
    update variants v set price_minor = g."priceMinor", currency = g.currency from given g where v.id = g."variantId"
  )
  update products p
  set name = g.name, description = g.description, image_url = g."imageUrl", category_id = g."categoryId",
    price_minor = g."priceMinor", currency = g.currency, search = g.search,
    version = p.version + 1, updated_at = now()
  from given g where p.id = g."productId"
  returning p.id`)

/** The products that have these skus, locked until the transaction ends. */
export const lockBySku = (tx: Transaction, skus: readonly string[]): Promise<Existing[]> =>
  existing(tx, { skus: JSON.stringify(skus) })

/** Writes changes of simple products. */
export const writeChanges = async (tx: Transaction, changes: readonly Change[]): Promise<void> => {
  if (changes.length > 0) await change(tx, { changes: JSON.stringify(changes) })
}
