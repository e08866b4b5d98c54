import type { Category } from '@comptoir/contracts/catalog/model'
import type { CategoryId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq } from 'drizzle-orm'
import type { PlacedCategory } from '../domain/category-tree.ts'
import { categories } from './schema.ts'

const columns = {
  id: categories.id,
  slug: categories.slug,
  name: categories.name,
  parentId: categories.parentId,
  path: categories.path,
}

/** The whole tree, parents before children: shops have hundreds of categories, not thousands. */
export const listAllCategories = (on: Queryable): Promise<PlacedCategory[]> =>
  on.select(columns).from(categories).orderBy(categories.path)

export const findCategory = async (on: Queryable, id: CategoryId): Promise<PlacedCategory | undefined> =>
  (await on.select(columns).from(categories).where(eq(categories.id, id)))[0]

/** Adds categories, parents before children. */
export const insertCategories = async (tx: Transaction, added: readonly PlacedCategory[]): Promise<void> => {
  if (added.length > 0) await tx.insert(categories).values([...added])
}

/** What the contract tells of a category. */
export const publicCategory = ({ id, slug, name, parentId }: PlacedCategory): Category => ({
  id,
  slug,
  name,
  parentId,
})
