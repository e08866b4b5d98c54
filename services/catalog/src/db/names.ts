import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { sql } from 'drizzle-orm'

const lock = statement(sql`select pg_advisory_xact_lock(${sql.placeholder('key')}::bigint)`)
const namesLock = 4_020_173

const takenSlugs = statement<{ slug: string }>(
  sql`select slug from products
    where slug = any (array(select jsonb_array_elements_text(${sql.placeholder('slugs')}::jsonb)))`,
)
const takenSkus = statement<{ sku: string }>(
  sql`select sku from variants
    where sku = any (array(select jsonb_array_elements_text(${sql.placeholder('skus')}::jsonb)))`,
)

/**
 * Only one transaction at a time gives out slugs, skus and categories, so that what it found free stays free until it
 * has committed. Held for the tenths of a second that a batch of an import takes.
 */
export const lockNames = async (tx: Transaction): Promise<void> => {
  await lock(tx, { key: namesLock })
}

/** Those of the slugs that products have. */
export const findTakenSlugs = async (on: Queryable, slugs: readonly string[]): Promise<Set<string>> =>
  new Set((await takenSlugs(on, { slugs: JSON.stringify(slugs) })).map(({ slug }) => slug))

/** Those of the skus that variants have. */
export const findTakenSkus = async (on: Queryable, skus: readonly string[]): Promise<string[]> =>
  (await takenSkus(on, { skus: JSON.stringify(skus) })).map(({ sku }) => sku)
