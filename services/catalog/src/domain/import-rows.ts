import { type ImportReport, ImportRow } from '@comptoir/contracts/catalog/model'
import { fieldFaults } from '@comptoir/contracts/errors'
import { parseCategoryPath } from './category-tree.ts'

export type Rejection = ImportReport['rejected'][number]

/** A row that can be read: `row` is its index in the batch, `path` the names of its category. */
export interface ReadRow {
  row: number
  data: ImportRow
  path: string[] | undefined
}

/** Reads each row on its own: a bad one is reported, every fault of it, and the others are not touched by it. */
export const readRows = (rows: readonly unknown[]): { read: ReadRow[]; rejected: Rejection[] } => {
  const read: ReadRow[] = []
  const rejected: Rejection[] = []
  for (const [row, given] of rows.entries()) {
    const { data, error } = ImportRow.safeParse(given)
    if (error !== undefined) {
      rejected.push(...fieldFaults(error).map((fault) => ({ row, sku: skuOf(given), ...fault })))
      continue
    }
    const path = data.category === undefined ? undefined : parseCategoryPath(data.category)
    if (data.category !== undefined && path === undefined) rejected.push(badCategory(row, data.sku))
    else read.push({ row, data, path })
  }
  return { read, rejected }
}

/** Parts of at most `max` rows that name a sku once: a sku that comes again is an update of what the row before made. */
export const partRows = (rows: readonly ReadRow[], max: number): ReadRow[][] => {
  const parts: ReadRow[][] = []
  let skus = new Set<string>()
  for (const row of rows) {
    const part = parts.at(-1)
    if (part === undefined || part.length === max || skus.has(row.data.sku)) {
      parts.push([row])
      skus = new Set()
    } else part.push(row)
    skus.add(row.data.sku)
  }
  return parts
}

const skuOf = (given: unknown): string | null =>
  typeof given === 'object' && given !== null && 'sku' in given && typeof given.sku === 'string'
    ? given.sku.slice(0, 64)
    : null

const badCategory = (row: number, sku: string): Rejection => ({
  row,
  sku,
  pointer: '/category',
  message: 'Expected up to five names of at most 100 characters, joined by slashes',
})
