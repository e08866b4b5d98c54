import { sweep } from '@comptoir/service-kit/sweep'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { eraseCart, findRemnants, type Remnant } from '../db/erase-carts.ts'

const batch = 50
const name = 'erase-carts'

export const eraseCarts: Worker<Context> = {
  name,
  everyMs: 60_000,
  run: (ctx, signal) =>
    sweep<Remnant>({
      worker: name,
      log: ctx.log,
      signal,
      page: (after) => findRemnants(ctx.db, after?.id, batch),
      work: (remnant) => ctx.transaction((tx) => eraseCart(tx, remnant)),
    }),
}
