import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { signingKeyAt } from '../db/signing-keys.ts'
import { prepareSigningKey } from '../start.ts'

/** Signs with another key once its time has come. The one before is believed for longer than a few seconds more. */
export const followSigningKey: Worker<Context> = {
  name: 'follow-signing-key',
  everyMs: 3_000,
  run: async (ctx) => {
    const signing = await signingKeyAt(ctx.db, ctx.clock.now())
    if (signing !== undefined && signing.kid !== ctx.accessTokens.kid()) await prepareSigningKey(ctx)
  },
}
