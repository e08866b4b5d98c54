import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { deleteOldMessages as deleteOld } from '../db/messages.ts'

const batch = 1_000

/** Deletes messages that nobody will ask about any more; one of which it is not known whether it was sent stays. */
export const deleteOldMessages: Worker<Context> = {
  name: 'delete-old-messages',
  everyMs: 60 * 60_000,
  run: async (ctx) => (await deleteOld(ctx.db, batch)) === batch,
}
