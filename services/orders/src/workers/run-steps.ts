import { errorFacts } from '@comptoir/service-kit/error-facts'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { type ClaimedStep, claimSteps } from '../db/steps.ts'
import { doStep } from '../saga/do-step.ts'
import { finishStep, retryStep } from '../saga/finish-step.ts'

const atOnce = 16
const glanceMs = 100

/** Drives every purchase: takes the steps that are due, does them side by side and writes down how they ended. */
export const runSteps: Worker<Context> = {
  name: 'run-steps',
  everyMs: 1_000,
  run: async (ctx, signal) => {
    const running = new Set<Promise<void>>()
    for (;;) {
      for (const step of signal.aborted ? [] : await claim(ctx, atOnce - running.size)) {
        const done = continueTrace(step.traceparent, () => runStep(ctx, step)).finally(() =>
          running.delete(done),
        )
        running.add(done)
      }
      if (running.size === 0) return
      // One slow step must not keep the others waiting.
      await Promise.race([...running, Bun.sleep(glanceMs)])
    }
  },
}

const claim = async (ctx: Context, limit: number): Promise<ClaimedStep[]> =>
  limit === 0 ? [] : claimSteps(ctx.db, { owner: ctx.instance, leaseMs: ctx.limits.stepLeaseMs, limit })

// A step whose end cannot be written either (the database is away) comes back when its lease ends.
const runStep = async (ctx: Context, step: ClaimedStep): Promise<void> => {
  try {
    await finishStep(ctx, step, await doStep(ctx, step))
  } catch (error) {
    await retryStep(ctx, step, error).catch((cause: unknown) => {
      ctx.log.error('A step’s failure could not be written down', {
        orderId: step.orderId,
        reason: errorFacts(cause),
      })
    })
  }
}
