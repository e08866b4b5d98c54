import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findStock } from '../db/stock.ts'

export const getStock: Procedure<typeof catalog.getStock, Context> = async ({ ctx, input }) => {
  const level = await findStock(ctx.db, input.variantId)
  if (level === undefined) throw ctx.fail('VARIANT_NOT_FOUND')
  return level
}
