import type { ProductId, VariantId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { and, eq, sql } from 'drizzle-orm'
import type { ProductChange, ProductDraft } from '../domain/product.ts'
import type { Level } from '../domain/stock.ts'
import { products } from './schema.ts'

const insertAll = statement<Omit<Level, 'sku'>>(sql`
  with product as (
    insert into products (id, slug, name, description, image_url, category_id, price_minor, currency, search)
    select id, slug, name, description, "imageUrl", "categoryId", "priceMinor", currency, search
    from jsonb_to_recordset(${sql.placeholder('products')}::jsonb) as p(id uuid, slug text, name text, description text,
      "imageUrl" text, "categoryId" uuid, "priceMinor" bigint, currency text, search text)
  ),
  given as (
    select * from jsonb_to_recordset(${sql.placeholder('variants')}::jsonb) as v(id uuid, "productId" uuid, sku text,
      name text, "priceMinor" bigint, currency text, "taxClass" text, position int, "onHand" int)
  ),
  variant as (
    insert into variants (id, product_id, sku, name, price_minor, currency, tax_class, position)
    select id, "productId", sku, name, "priceMinor", currency, "taxClass", position from given
  ),
  movement as (
    insert into stock_movements (variant_id, kind, quantity, reason)
    select id, 'received', "onHand", 'opening stock' from given where "onHand" > 0
  )
  insert into stock_levels (variant_id, on_hand) select id, "onHand" from given
  returning variant_id as "variantId", on_hand as "onHand", allocated, version`)

const setPrices = statement<{ id: VariantId }>(sql`
  update variants v set price_minor = given."amountMinor", currency = given.currency
  from jsonb_to_recordset(${sql.placeholder('prices')}::jsonb) as given("variantId" uuid, "amountMinor" bigint, currency text)
  where v.id = given."variantId" and v.product_id = ${sql.placeholder('productId')}::uuid
  returning v.id`)

const refresh = statement<{ currencies: number }>(sql`
  update products p set price_minor = own.price_minor, currency = own.currency, search = p.name || ' ' || own.skus
  from (
    select min(price_minor) as price_minor, min(currency) as currency, string_agg(sku, ' ' order by position) as skus,
      count(distinct currency)::int as currencies
    from variants where product_id = ${sql.placeholder('productId')}::uuid
  ) own
  where p.id = ${sql.placeholder('productId')}::uuid
  returning own.currencies`)

const archive = statement<{ id: ProductId }>(sql`
  update products set status = 'archived', version = version + 1, updated_at = now()
  where id = ${sql.placeholder('productId')}::uuid and status = 'active'
    and version = coalesce(${sql.placeholder('version')}::int, version)
  returning id`)

/** Writes new products with their variants, opening stock and its movements in one statement. */
export const insertProducts = async (tx: Transaction, drafts: readonly ProductDraft[]): Promise<Level[]> => {
  if (drafts.length === 0) return []
  const variants = drafts.flatMap((draft) => draft.variants)
  const skus = new Map(variants.map(({ id, sku }) => [id, sku]))
  const levels = await insertAll(tx, {
    products: JSON.stringify(drafts.map((draft) => ({ ...draft, variants: undefined }))),
    variants: JSON.stringify(variants),
  })
  return levels.map((level) => ({ ...level, sku: skus.get(level.variantId) ?? '' }))
}

/** Changes what is given, if the product has the version that was asked for. False: it has not, or is not there. */
export const changeProduct = async (
  tx: Transaction,
  { productId, version, name, description, imageUrl, categoryId }: ProductChange,
): Promise<boolean> => {
  const same = version === undefined ? undefined : eq(products.version, version)
  const changed = await tx
    .update(products)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
      ...(categoryId === undefined ? {} : { categoryId }),
      version: sql`${products.version} + 1`,
      updatedAt: sql`now()`,
    })
    .where(and(eq(products.id, productId), same))
    .returning({ id: products.id })
  return changed.length > 0
}

/** Sets prices of a product's variants and answers how many were found. */
export const changePrices = async (
  tx: Transaction,
  productId: ProductId,
  prices: NonNullable<ProductChange['prices']>,
): Promise<number> => {
  const given = prices.map(({ variantId, price }) => ({ variantId, ...price }))
  return (await setPrices(tx, { productId, prices: JSON.stringify(given) })).length
}

/** Brings what the product row repeats of its variants up to date; answers how many currencies they have. */
export const refreshProduct = async (tx: Transaction, productId: ProductId): Promise<number> =>
  (await refresh(tx, { productId }))[0]?.currencies ?? 0

/** Takes a product off sale. False when it is not there, was archived before, or has another version than is given. */
export const archiveActive = async (
  tx: Transaction,
  { productId, version }: { productId: ProductId; version?: number | undefined },
): Promise<boolean> => (await archive(tx, { productId, version: version ?? null })).length > 0
