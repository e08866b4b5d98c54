import { errorFacts } from '@comptoir/service-kit/error-facts'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { claimDispatches } from '../db/shipments.ts'
import type { Shipment } from '../domain/shipment.ts'
import { CarrierRefused, CarrierUnavailable } from '../providers/carrier.ts'
import { completeDispatch, refuseDispatch } from '../shipping/dispatch.ts'

const batch = 5

/**
 * Finishes dispatches whose process died or whose carrier did not answer, by asking again with the same reference. One
 * that cannot be finished does not keep the others waiting.
 */
export const finishDispatches: Worker<Context> = {
  name: 'finish-dispatches',
  everyMs: 2_000,
  run: async (ctx, signal) => {
    const claimed = await claimDispatches(ctx.db, { leaseMs: ctx.dispatchLeaseMs, max: batch })
    for (const shipment of claimed) {
      if (signal.aborted) return false
      await continueTrace(shipment.traceparent, () => finish(ctx, shipment))
    }
    return claimed.length === batch
  },
}

const finish = async (ctx: Context, shipment: Shipment): Promise<void> => {
  try {
    const label = await ctx.carrier.buyLabel(shipment)
    await ctx.transaction((tx) => completeDispatch(ctx, tx, { shipment, label }))
  } catch (error) {
    if (error instanceof CarrierRefused) await refuseDispatch(ctx, shipment)
    const isKnown = error instanceof CarrierRefused || error instanceof CarrierUnavailable
    const reason = isKnown ? error.message : errorFacts(error)
    ctx.log[isKnown ? 'warn' : 'error']('A dispatch could not be finished', {
      shipmentId: shipment.id,
      reason,
    })
  }
}
