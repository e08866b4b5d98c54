import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { deleteOldWebhooks as deleteOld } from '../db/tracking.ts'

const batch = 1_000

/** Deletes webhooks a month after they were worked on: one that comes again then has the log of tracking against it. */
export const deleteOldWebhooks: Worker<Context> = {
  name: 'delete-old-webhooks',
  everyMs: 60 * 60_000,
  run: async (ctx) => (await deleteOld(ctx.db, batch)) === batch,
}
