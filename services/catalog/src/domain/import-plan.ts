import type { ProductStatus } from '@comptoir/contracts/catalog/model'
import { type CategoryId, ProductId, VariantId } from '@comptoir/contracts/ids'
import type { z } from 'zod'
import type { ReadRow, Rejection } from './import-rows.ts'
import { draftProduct, type ProductDraft, searchText } from './product.ts'
import { claimSlug, slugOf, slugsTried } from './slug.ts'
import { storable } from './text.ts'

/** The product behind a sku as it is before the import. */
export interface Existing {
  sku: string
  productId: ProductId
  variantId: VariantId
  variants: number
  status: z.infer<typeof ProductStatus>
  name: string
  description: string
  imageUrl: string | null
  categoryId: CategoryId | null
  priceMinor: number
  currency: string
}

export type Change = Omit<Existing, 'sku' | 'variants' | 'status'> & { search: string }

export interface ImportPlan {
  drafts: ProductDraft[]
  changes: Change[]
  unchanged: number
  rejected: Rejection[]
}

/** Every slug that the plan of these rows may want. */
export const slugsWanted = (rows: readonly ReadRow[]): string[] =>
  rows.flatMap(({ data }) => slugsTried(slugOf(data.name, 'product'), data.sku))

/** Decides for each row whether it adds a product, changes one, changes nothing, or cannot be taken. */
export const planImport = (
  rows: readonly ReadRow[],
  known: {
    existing: readonly Existing[]
    categories: ReadonlyMap<string, CategoryId>
    slugs: Set<string>
    nextId: () => string
  },
): ImportPlan => {
  const bySku = new Map(known.existing.map((existing) => [existing.sku, existing]))
  const plan: ImportPlan = { drafts: [], changes: [], unchanged: 0, rejected: [] }
  for (const row of rows) {
    const categoryId = row.path === undefined ? undefined : known.categories.get(row.path.join('/'))
    const before = bySku.get(row.data.sku)
    if (before === undefined) {
      plan.drafts.push(draftOf(row, categoryId, known))
      continue
    }
    const refusal = refusalOf(before)
    if (refusal !== undefined) {
      plan.rejected.push({ row: row.row, sku: before.sku, pointer: '/sku', message: refusal })
      continue
    }
    const change = changeOf(before, row, categoryId)
    if (change === undefined) plan.unchanged += 1
    else plan.changes.push(change)
  }
  return plan
}

const draftOf = (
  { data }: ReadRow,
  categoryId: CategoryId | undefined,
  { slugs, nextId }: { slugs: Set<string>; nextId: () => string },
): ProductDraft =>
  draftProduct(
    {
      name: data.name,
      ...(data.description === undefined ? {} : { description: data.description }),
      ...(data.imageUrl === undefined ? {} : { imageUrl: data.imageUrl }),
      ...(categoryId === undefined ? {} : { categoryId }),
      variants: [
        { sku: data.sku, price: data.price, ...(data.onHand === undefined ? {} : { onHand: data.onHand }) },
      ],
    },
    {
      id: ProductId.parse(nextId()),
      slug: claimSlug(slugOf(data.name, 'product'), data.sku, slugs),
      nextId: () => VariantId.parse(nextId()),
    },
  )

const refusalOf = ({ status, variants }: Existing): string | undefined => {
  if (status === 'archived') return 'This product is archived'
  if (variants > 1) return 'This sku is one of several variants; change their product instead'
  return undefined
}

/** What a row leaves out stays as it is; stock is counted, never imported over. */
const changeOf = (
  before: Existing,
  { data }: ReadRow,
  categoryId: CategoryId | undefined,
): Change | undefined => {
  const { sku, variants: _, status: __, ...was } = before
  const is = {
    ...was,
    name: data.name,
    description: data.description === undefined ? was.description : storable(data.description),
    imageUrl: data.imageUrl === undefined ? was.imageUrl : storable(data.imageUrl),
    categoryId: categoryId ?? was.categoryId,
    priceMinor: data.price.amountMinor,
    currency: data.price.currency,
  }
  return Bun.deepEquals(was, is) ? undefined : { ...is, search: searchText(is.name, [sku]) }
}
