import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { deleteOldAttempts } from '../db/login-attempts.ts'
import { deleteExpiredTokens } from '../db/refresh-tokens.ts'
import { throttle } from '../domain/throttle.ts'

const batch = 1_000

/** Deletes what decides nothing any more: tokens a day after their end, and tries that left the window. */
export const sweep: Worker<Context> = {
  name: 'sweep',
  everyMs: 10 * 60_000,
  run: async (ctx) => {
    const now = ctx.clock.now().getTime()
    await deleteOldAttempts(ctx.db, new Date(now - throttle.windowMs))
    return (await deleteExpiredTokens(ctx.db, new Date(now - 24 * 60 * 60_000), batch)) === batch
  },
}
