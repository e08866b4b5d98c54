import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { reserve } from '../db/reservations.ts'
import { levelEvents, sumLines } from '../domain/stock.ts'

export const reserveStock: Procedure<typeof catalog.reserveStock, Context> = ({ ctx, input }) => {
  const hold = { orderId: input.orderId, lines: sumLines(input.lines), minutes: ctx.reservationMinutes }
  return ctx.transaction(async (tx) => {
    const held = await reserve(tx, hold)
    // Thrown inside the transaction, so that an order that is short leaves nothing behind and may come back.
    if (held.outcome === 'short') throw ctx.fail('OUT_OF_STOCK', { lines: held.lines })
    if (held.outcome === 'closed') throw ctx.fail('RESERVATION_CLOSED')
    await ctx.emit(tx, levelEvents(held.levels))
    return held.reservation
  })
}
