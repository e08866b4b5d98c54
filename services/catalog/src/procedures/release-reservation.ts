import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { release } from '../db/reservations.ts'
import { levelEvents } from '../domain/stock.ts'

export const releaseReservation: Procedure<typeof catalog.releaseReservation, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const { state, levels } = await release(tx, input.orderId)
    await ctx.emit(tx, levelEvents(levels))
    return { state }
  })
