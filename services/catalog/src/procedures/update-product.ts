import { productUpdated } from '@comptoir/contracts/catalog/events'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { commonError } from '@comptoir/contracts/errors'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findCategory } from '../db/categories.ts'
import { changePrices, changeProduct, refreshProduct } from '../db/product-writes.ts'
import { findProduct } from '../db/products.ts'
import { lastPrices, productEvent, storableChange } from '../domain/product.ts'

export const updateProduct: Procedure<typeof catalog.updateProduct, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { productId, categoryId } = input
    if (
      categoryId !== undefined &&
      categoryId !== null &&
      (await findCategory(tx, categoryId)) === undefined
    ) {
      throw ctx.fail('CATEGORY_NOT_FOUND')
    }
    if (!(await changeProduct(tx, storableChange(input)))) {
      const isThere = (await findProduct(tx, productId)) !== undefined
      throw isThere ? commonError('PRECONDITION_FAILED') : ctx.fail('PRODUCT_NOT_FOUND')
    }
    const prices = lastPrices(input.prices ?? [])
    if (prices.length > 0 && (await changePrices(tx, productId, prices)) < prices.length) {
      throw ctx.fail('VARIANT_NOT_FOUND')
    }
    if ((await refreshProduct(tx, productId)) > 1) {
      const fields = [
        { pointer: '/prices', message: 'Expected one currency for all variants of the product' },
      ]
      throw commonError('INVALID_INPUT', { fields })
    }
    const product = await findProduct(tx, productId)
    if (product === undefined) throw new Error('A product that was just changed is not there')
    await ctx.emit(tx, [productEvent(productUpdated, product)])
    return ctx.answer(tx, product)
  })
