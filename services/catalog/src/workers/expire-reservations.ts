import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { expireDue } from '../db/give-units.ts'
import { levelEvents } from '../domain/stock.ts'

const batch = 200

/** Gives the units of unpaid orders back when their time is over. */
export const expireReservations: Worker<Context> = {
  name: 'expire-reservations',
  everyMs: 5_000,
  run: (ctx) =>
    ctx.transaction(async (tx) => {
      const { reservations, levels } = await expireDue(tx, batch)
      await ctx.emit(tx, levelEvents(levels))
      if (reservations > 0) ctx.log.info('Reservations expired', { reservations })
      return reservations === batch
    }),
}
