import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { claimOperations, type Operation } from '../db/operations.ts'
import { findPayment } from '../db/payments.ts'
import { callProvider } from '../steps/call-provider.ts'
import { settleOperation } from '../steps/settle-operation.ts'

const batch = 8

/** Performs what was asked of a provider and repeats what nobody knows the outcome of, always with the same key. */
export const runOperations: Worker<Context> = {
  name: 'run-operations',
  everyMs: 1_000,
  run: async (ctx) => {
    const operations = await claimOperations(ctx.db, ctx.operationLeaseMs, batch)
    const results = await Promise.allSettled(operations.map((operation) => perform(ctx, operation)))
    const failed = results.find((result) => result.status === 'rejected')
    // The others are done; this one’s lease runs out and it is tried again.
    if (failed !== undefined) throw failed.reason
    return operations.length === batch
  },
}

const perform = async (ctx: Context, operation: Operation): Promise<void> => {
  const payment = await findPayment(ctx.db, operation.paymentId)
  if (payment === undefined) throw new Error(`The payment ${operation.paymentId} is gone`)
  await continueTrace(payment.traceparent, async () => {
    const outcome = await callProvider(ctx, operation, payment)
    await ctx.transaction((tx) => settleOperation({ ctx, tx }, operation, outcome))
  })
}
