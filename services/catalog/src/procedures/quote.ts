import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findQuotes } from '../db/products.ts'

export const quote: Procedure<typeof catalog.quote, Context> = async ({ ctx, input }) => ({
  quotes: await findQuotes(ctx.db, input.variantIds),
})
