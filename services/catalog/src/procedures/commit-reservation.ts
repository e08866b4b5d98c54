import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { commit } from '../db/reservations.ts'
import { levelEvents } from '../domain/stock.ts'

export const commitReservation: Procedure<typeof catalog.commitReservation, Context> = ({ ctx, input }) =>
  ctx.transaction(async (tx) => {
    const held = await commit(tx, input.orderId)
    if (held.outcome === 'missing') throw ctx.fail('RESERVATION_NOT_FOUND')
    if (held.outcome === 'closed') throw ctx.fail('RESERVATION_CLOSED')
    if (held.outcome === 'short') throw ctx.fail('OUT_OF_STOCK', { lines: held.lines })
    await ctx.emit(tx, levelEvents(held.levels))
    return held.reservation
  })
