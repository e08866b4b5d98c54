import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { redactMessages as redact } from '../db/erasures.ts'

export const redactMessages: Worker<Context> = {
  name: 'redact-messages',
  everyMs: 5_000,
  run: (ctx) => redact(ctx.db, 500),
}
