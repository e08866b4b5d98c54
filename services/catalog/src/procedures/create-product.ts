import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { commonError } from '@comptoir/contracts/errors'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findCategory } from '../db/categories.ts'
import { findTakenSkus, findTakenSlugs, lockNames } from '../db/names.ts'
import { insertProducts } from '../db/product-writes.ts'
import { findProduct } from '../db/products.ts'
import { createdEvent, currencyFaults, draftProduct } from '../domain/product.ts'
import { claimSlug, slugOf, slugsTried } from '../domain/slug.ts'
import { levelEvents } from '../domain/stock.ts'

export const createProduct: Procedure<typeof catalog.createProduct, Context> = ({ ctx, input }) => {
  const fields = currencyFaults(input.variants)
  if (fields.length > 0) throw commonError('INVALID_INPUT', { fields })
  const skus = input.variants.map(({ sku }) => sku)
  const repeated = skus.find((sku, index) => skus.indexOf(sku) < index)
  if (repeated !== undefined) throw ctx.fail('SKU_TAKEN', { sku: repeated })

  return ctx.transaction(async (tx) => {
    await lockNames(tx)
    const [takenSku] = await findTakenSkus(tx, skus)
    if (takenSku !== undefined) throw ctx.fail('SKU_TAKEN', { sku: takenSku })
    if (input.categoryId !== undefined && (await findCategory(tx, input.categoryId)) === undefined) {
      throw ctx.fail('CATEGORY_NOT_FOUND')
    }
    const base = input.slug ?? slugOf(input.name, 'product')
    const sku = skus[0] ?? ''
    const taken = await findTakenSlugs(tx, slugsTried(base, sku))
    if (input.slug !== undefined && taken.has(input.slug)) throw ctx.fail('SLUG_TAKEN')

    const draft = draftProduct(input, {
      id: ctx.ids.next(),
      slug: claimSlug(base, sku, taken),
      nextId: () => ctx.ids.next(),
    })
    const levels = await insertProducts(tx, [draft])
    await ctx.emit(tx, [createdEvent(draft), ...levelEvents(levels)])
    const product = await findProduct(tx, draft.id)
    if (product === undefined) throw new Error('A product that was just written is not there')
    return ctx.answer(tx, product)
  })
}
