import { productArchived } from '@comptoir/contracts/catalog/events'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { commonError } from '@comptoir/contracts/errors'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { archiveActive } from '../db/product-writes.ts'
import { findProduct } from '../db/products.ts'
import { productEvent } from '../domain/product.ts'

export const archiveProduct: Procedure<typeof catalog.archiveProduct, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const archived = await archiveActive(tx, input)
    const product = await findProduct(tx, input.productId)
    if (product === undefined) throw ctx.fail('PRODUCT_NOT_FOUND')
    if (product.status === 'active') throw commonError('PRECONDITION_FAILED')
    if (archived) await ctx.emit(tx, [productEvent(productArchived, product)])
    return null
  })
