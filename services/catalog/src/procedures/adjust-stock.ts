import type { catalog } from '@comptoir/contracts/catalog/procedures'
import { commonError } from '@comptoir/contracts/errors'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { adjustOnHand, findStock } from '../db/stock.ts'
import { levelEvents } from '../domain/stock.ts'

export const adjustStock: Procedure<typeof catalog.adjustStock, Context> = ({ ctx, input }) => {
  if (input.kind === 'received' && input.quantity < 0) {
    const fields = [{ pointer: '/quantity', message: 'Expected a positive number of received units' }]
    throw commonError('INVALID_INPUT', { fields })
  }
  return ctx.transaction(async (tx) => {
    const { variantId, kind, quantity, reason = null } = input
    const level = await adjustOnHand(tx, { variantId, kind, quantity, reason })
    if (level === undefined) {
      throw ctx.fail(
        (await findStock(tx, variantId)) === undefined ? 'VARIANT_NOT_FOUND' : 'STOCK_INSUFFICIENT',
      )
    }
    await ctx.emit(tx, levelEvents([level]))
    const { sku: _, ...answer } = level
    return ctx.answer(tx, { ...answer, available: level.onHand - level.allocated })
  })
}
