import type { ProductSummary } from '@comptoir/contracts/catalog/model'
import type { Queryable } from '@comptoir/service-kit/database'
import { type SQL, sql } from 'drizzle-orm'
import { isoTime } from './iso-time.ts'
import { run } from './statement.ts'

type Sort = 'newest' | 'name' | 'price' | '-price'

export interface ProductFilter {
  words: readonly string[]
  category: string | undefined
  priceMin: number | undefined
  priceMax: number | undefined
  inStock: boolean | undefined
  sort: Sort
  limit: number
  /** The sort value and the id of the last product of the page before. */
  after: readonly [string | number, string] | undefined
}

export type ListedProduct = ProductSummary & { sortValue: string | number }

// Each has an index that starts with it and ends with the id, so that a page is read and nothing is sorted.
const orders = {
  newest: { key: sql`p.created_at`, down: true, type: sql`timestamptz`, value: isoTime(sql`p.created_at`) },
  name: { key: sql`lower(p.name)`, down: false, type: sql`text`, value: sql`lower(p.name)` },
  price: { key: sql`p.price_minor`, down: false, type: sql`bigint`, value: sql`p.price_minor::float8` },
  '-price': { key: sql`p.price_minor`, down: true, type: sql`bigint`, value: sql`p.price_minor::float8` },
} as const satisfies Record<Sort, { key: SQL; down: boolean; type: SQL; value: SQL }>

const available = sql`exists (
  select from variants v join stock_levels s on s.variant_id = v.id
  where v.product_id = p.id and s.on_hand > s.allocated
)`

// As a scalar it is looked up for the rows of the page; `exists` in the select list is hashed over all products.
const shownAvailable = sql`coalesce((
  select bool_or(s.on_hand > s.allocated)
  from variants v join stock_levels s on s.variant_id = v.id where v.product_id = p.id
), false)`

/** One page of the products that can be bought, and the first of the next page where there is one. */
export const listActiveProducts = (on: Queryable, filter: ProductFilter): Promise<ListedProduct[]> => {
  const { key, down, value } = orders[filter.sort]
  const direction = down ? sql`desc` : sql`asc`
  return run(
    on,
    sql`select p.id, p.slug, p.name, p.image_url as "imageUrl", p.category_id as "categoryId",
        jsonb_build_object('amountMinor', p.price_minor, 'currency', p.currency) as price,
        ${shownAvailable} as "inStock", ${value} as "sortValue"
      from products p
      where ${sql.join([sql`p.status = 'active'`, ...conditions(filter)], sql` and `)}
      order by ${key} ${direction}, p.id ${direction}
      limit ${filter.limit + 1}`,
  )
}

const conditions = (filter: ProductFilter): SQL[] => {
  const found: SQL[] = filter.words.map((word) => sql`p.search ilike ${`%${escapeLike(word)}%`}`)
  if (filter.category !== undefined) found.push(inCategory(filter.category))
  if (filter.priceMin !== undefined) found.push(sql`p.price_minor >= ${filter.priceMin}::bigint`)
  if (filter.priceMax !== undefined) found.push(sql`p.price_minor <= ${filter.priceMax}::bigint`)
  if (filter.inStock !== undefined) found.push(filter.inStock ? available : sql`not ${available}`)
  if (filter.after !== undefined) found.push(afterCursor(filter.sort, filter.after))
  return found
}

const inCategory = (slugOrId: string): SQL => sql`p.category_id = any (array(
  select c.id from categories c
  join categories root on c.path = root.path or c.path like root.path || '/%'
  where root.slug = ${slugOrId} or root.id::text = ${slugOrId}
))`

const afterCursor = (sort: Sort, [value, id]: readonly [string | number, string]): SQL => {
  const { key, down, type } = orders[sort]
  return sql`(${key}, p.id) ${down ? sql`<` : sql`>`} (${value}::${type}, ${id}::uuid)`
}

const escapeLike = (word: string): string => word.replace(/[\\%_]/g, (sign) => `\\${sign}`)
