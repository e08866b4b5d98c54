import type { Context } from '../context.ts'
import { lockShipment, saveShipment } from '../db/shipments.ts'
import { can, type Shipment, track } from '../domain/shipment.ts'

/** Counts a parcel as not delivered that nothing was heard of for too long, so that a person looks for it. */
export const giveUp = (ctx: Context, silent: Shipment): Promise<void> =>
  ctx.transaction(async (tx) => {
    const current = await lockShipment(tx, silent.id)
    // There was news after all.
    if (current === undefined || current.version !== silent.version) return
    if (!can(current.status, 'failed')) return
    const { next, events } = track(current, 'failed')
    if (!(await saveShipment(tx, { from: current, next }))) throw new Error('A locked shipment has moved')
    await ctx.emit(tx, events)
    ctx.log.warn('A parcel was not heard of for too long', { shipmentId: silent.id })
  })
