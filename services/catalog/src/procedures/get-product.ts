import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findProduct } from '../db/products.ts'

export const getProduct: Procedure<typeof catalog.getProduct, Context> = async ({ ctx, input }) => {
  const product = await findProduct(ctx.db, input.productId)
  if (product === undefined) throw ctx.fail('PRODUCT_NOT_FOUND')
  return product
}
