import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { eraseCart, findRemnants } from '../db/erase-carts.ts'

const batch = 50

export const eraseCarts: Worker<Context> = {
  name: 'erase-carts',
  everyMs: 60_000,
  run: async (ctx) => {
    const remnants = await findRemnants(ctx.db, batch)
    for (const remnant of remnants) await ctx.transaction((tx) => eraseCart(tx, remnant))
    return remnants.length === batch
  },
}
