import { errorFacts } from '@comptoir/service-kit/error-facts'
import { continueTrace } from '@comptoir/service-kit/telemetry'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { claimSilent } from '../db/shipments.ts'
import type { Shipment } from '../domain/shipment.ts'
import { CarrierRefused, CarrierUnavailable } from '../providers/carrier.ts'
import { giveUp } from '../shipping/give-up.ts'
import { hearNews } from '../shipping/hear-news.ts'

const batch = 20

/**
 * Asks the carrier about parcels it has told nothing of for a while, so that a lost webhook does not matter. One that
 * cannot be asked about does not keep the others waiting, and one that stays silent is given up.
 */
export const askCarrier: Worker<Context> = {
  name: 'ask-carrier',
  everyMs: 1_000,
  run: async (ctx, signal) => {
    const silent = await claimSilent(ctx.db, { everyMs: ctx.reconcileMs, max: batch })
    for (const shipment of silent) {
      if (signal.aborted) return false
      await continueTrace(shipment.traceparent, async () => {
        await ask(ctx, shipment)
        if (shipment.isLost) await giveUp(ctx, shipment)
      })
    }
    return silent.length === batch
  },
}

const ask = async (ctx: Context, { id, trackingNumber }: Shipment): Promise<void> => {
  try {
    if (trackingNumber === null) throw new Error('A dispatched shipment has no tracking number')
    const events = await ctx.carrier.fetchEvents(trackingNumber)
    await ctx.transaction((tx) => hearNews(ctx, tx, { shipmentId: id, events }))
  } catch (error) {
    const isKnown = error instanceof CarrierRefused || error instanceof CarrierUnavailable
    const reason = isKnown ? error.message : errorFacts(error)
    ctx.log[isKnown ? 'warn' : 'error']('The carrier could not be asked about a parcel', {
      shipmentId: id,
      reason,
    })
  }
}
