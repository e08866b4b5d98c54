import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { defaultLimit } from '@comptoir/contracts/page'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listActiveProducts } from '../db/product-list.ts'
import { pageOfRows, placeOf, wordsOf } from '../domain/listing.ts'
import { storable } from '../domain/text.ts'

export const listProducts: Procedure<typeof catalog.listProducts, Context> = async ({ ctx, input }) => {
  const { sort = 'newest', limit = defaultLimit, cursor, category } = input
  const after = cursor === undefined ? undefined : placeOf(cursor, sort)
  if (cursor !== undefined && after === undefined) throw ctx.fail('CURSOR_INVALID')
  const rows = await listActiveProducts(ctx.db, {
    words: wordsOf(input.q),
    category: category === undefined ? undefined : storable(category),
    priceMin: input.priceMin,
    priceMax: input.priceMax,
    inStock: input.inStock,
    sort,
    limit,
    after,
  })
  return pageOfRows(rows, sort, limit)
}
