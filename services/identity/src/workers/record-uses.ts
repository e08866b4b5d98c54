import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { recordLastUses } from '../db/record-uses.ts'

/** Writes down when keys and clients were last used, a minute apart at most. What a process that dies has noted is lost. */
export const recordUses: Worker<Context> = {
  name: 'record-uses',
  everyMs: 60_000,
  run: async (ctx) => {
    const uses = [...ctx.uses.take()]
    if (uses.length > 0) await recordLastUses(ctx.db, uses)
  },
}
