import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { insertCategories, listAllCategories, publicCategory } from '../db/categories.ts'
import { lockNames } from '../db/names.ts'
import { placeCategory } from '../domain/category-tree.ts'

export const createCategory: Procedure<typeof catalog.createCategory, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { name, slug, parentId } = input
    await lockNames(tx)
    const all = await listAllCategories(tx)
    const parent = parentId === undefined ? undefined : all.find(({ id }) => id === parentId)
    if (parentId !== undefined && parent === undefined) throw ctx.fail('CATEGORY_NOT_FOUND')
    const slugs = new Set(all.map((category) => category.slug))
    if (slug !== undefined && slugs.has(slug)) throw ctx.fail('SLUG_TAKEN')
    const category = placeCategory({ id: ctx.ids.next(), name, slug, parent }, slugs)
    await insertCategories(tx, [category])
    return ctx.answer(tx, publicCategory(category))
  })
