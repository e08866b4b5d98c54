import { errorFacts } from '@comptoir/service-kit/error-facts'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { claimUnchecked, type Unchecked } from '../db/payments.ts'
import { ProviderRefused, ProviderSilent } from '../providers/provider.ts'
import { applySnapshot } from '../steps/apply-snapshot.ts'

const batch = 5

/** Asks about every payment that may have moved without anybody telling us: webhooks may be lost, all of them. */
export const reconcile = (everySeconds: number): Worker<Context> => ({
  name: 'reconcile',
  everyMs: everySeconds * 1_000,
  run: async (ctx) => {
    const payments = await claimUnchecked(ctx.db, everySeconds, batch)
    const asked = await Promise.all(
      payments.map((payment) => continueTrace(payment.traceparent, () => refresh(ctx, payment))),
    )
    // A provider that is silent is left alone until the next turn.
    return payments.length === batch && !asked.includes('silent')
  },
})

/** One payment that cannot be asked about does not keep the others waiting. */
const refresh = async (ctx: Context, { id, providerRef }: Unchecked): Promise<'heard' | 'silent'> => {
  try {
    const { snapshot } = await ctx.providers.stripe.fetch(providerRef)
    await ctx.transaction((tx) => applySnapshot({ ctx, tx }, id, snapshot))
    return 'heard'
  } catch (error) {
    const isKnown = error instanceof ProviderSilent || error instanceof ProviderRefused
    const reason = isKnown ? error.code : errorFacts(error)
    ctx.log[isKnown ? 'warn' : 'error']('A payment could not be asked about', { paymentId: id, reason })
    return error instanceof ProviderSilent ? 'silent' : 'heard'
  }
}
