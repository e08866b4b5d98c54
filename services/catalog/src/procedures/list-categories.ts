import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listAllCategories, publicCategory } from '../db/categories.ts'

export const listCategories: Procedure<typeof catalog.listCategories, Context> = async ({ ctx }) => ({
  items: (await listAllCategories(ctx.db)).map(publicCategory),
})
