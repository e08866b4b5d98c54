import { productUpdated } from '@comptoir/contracts/catalog/events'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { insertCategories, listAllCategories } from '../db/categories.ts'
import { findTakenSlugs, lockNames } from '../db/names.ts'
import { lockBySku, writeChanges } from '../db/product-import.ts'
import { insertProducts } from '../db/product-writes.ts'
import { findProducts } from '../db/products.ts'
import { resolvePaths } from '../domain/category-tree.ts'
import { type ImportPlan, planImport, slugsWanted } from '../domain/import-plan.ts'
import { partRows, type ReadRow, readRows } from '../domain/import-rows.ts'
import { createdEvent, productEvent } from '../domain/product.ts'
import { levelEvents } from '../domain/stock.ts'

// Small enough that a part commits in about a tenth of a second, and nobody waits long for the lock on names.
const partMax = 250

export const importProducts: Procedure<typeof catalog.importProducts, Context> = async ({ ctx, input }) => {
  const { read, rejected } = readRows(input.rows)
  const report = { created: 0, updated: 0, unchanged: 0, rejected }
  for (const part of partRows(read, partMax)) {
    const plan = await ctx.transaction((tx) => importPart(ctx, tx, part))
    report.created += plan.drafts.length
    report.updated += plan.changes.length
    report.unchanged += plan.unchanged
    rejected.push(...plan.rejected)
  }
  rejected.sort((a, b) => a.row - b.row)
  return report
}

const importPart = async (ctx: Context, tx: Transaction, rows: readonly ReadRow[]): Promise<ImportPlan> => {
  await lockNames(tx)
  const paths = rows.flatMap(({ path }) => (path === undefined ? [] : [path]))
  const tree = resolvePaths(await listAllCategories(tx), paths, () => ctx.ids.next())
  await insertCategories(tx, tree.added)
  const existing = await lockBySku(
    tx,
    rows.map(({ data }) => data.sku),
  )
  const slugs = await findTakenSlugs(tx, slugsWanted(rows))
  const plan = planImport(rows, { existing, categories: tree.ids, slugs, nextId: () => ctx.ids.next() })

  const levels = await insertProducts(tx, plan.drafts)
  await writeChanges(tx, plan.changes)
  const changed = await findProducts(
    tx,
    plan.changes.map(({ productId }) => productId),
  )
  await ctx.emit(tx, [
    ...plan.drafts.map(createdEvent),
    ...changed.map((product) => productEvent(productUpdated, product)),
    ...levelEvents(levels),
  ])
  return plan
}
