import type { Product, Quote } from '@comptoir/contracts/catalog/model'
import { ProductId, type VariantId } from '@comptoir/contracts/ids'
import type { Queryable } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { sql } from 'drizzle-orm'
import { isoTime } from './iso-time.ts'
import { uuidArray } from './statement.ts'

const product = sql`select p.id, p.slug, p.name, p.description, p.image_url as "imageUrl", p.category_id as "categoryId",
    p.status, p.version, ${isoTime(sql`p.created_at`)} as "createdAt", ${isoTime(sql`p.updated_at`)} as "updatedAt",
    (
      select jsonb_agg(
        jsonb_build_object('id', v.id, 'sku', v.sku, 'name', v.name, 'taxClass', v.tax_class,
          'price', jsonb_build_object('amountMinor', v.price_minor, 'currency', v.currency),
          'available', s.on_hand - s.allocated)
        order by v.position
      )
      from variants v join stock_levels s on s.variant_id = v.id where v.product_id = p.id
    ) as variants
  from products p`

const byId = statement<Product>(sql`${product} where p.id = ${sql.placeholder('id')}::uuid`)
const bySlug = statement<Product>(sql`${product} where p.slug = ${sql.placeholder('slug')}`)
const byIds = statement<Product>(
  sql`${product} where p.id = any (${sql.placeholder('ids')}::uuid[]) order by p.id`,
)

// The ids come by a subquery, so that the planner does not count them: it would make a new plan for every call.
const quoteVariants = statement<Quote>(
  sql`select v.id as "variantId", v.product_id as "productId", v.sku,
      case when v.name is null then p.name else p.name || ', ' || v.name end as name, p.image_url as "imageUrl",
      jsonb_build_object('amountMinor', v.price_minor, 'currency', v.currency) as price, v.tax_class as "taxClass",
      s.on_hand - s.allocated as available, p.status = 'active' as sellable
    from variants v
    join products p on p.id = v.product_id
    join stock_levels s on s.variant_id = v.id
    where v.id = any (array(select unnest(${sql.placeholder('ids')}::uuid[])))`,
)

/** A product by its id or its slug. */
export const findProduct = async (on: Queryable, idOrSlug: string): Promise<Product | undefined> => {
  const isId = ProductId.safeParse(idOrSlug).success
  const [found] = isId ? await byId(on, { id: idOrSlug }) : await bySlug(on, { slug: idOrSlug })
  return found
}

/** Many products, in the order of their ids. */
export const findProducts = (on: Queryable, ids: readonly ProductId[]): Promise<Product[]> =>
  byIds(on, { ids: uuidArray(ids) })

/** What carts need to know of these variants; unknown ones are left out. */
export const findQuotes = (on: Queryable, ids: readonly VariantId[]): Promise<Quote[]> =>
  quoteVariants(on, { ids: uuidArray(ids) })
