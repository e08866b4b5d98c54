import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { findShipment, lockShipment, saveShipment } from '../db/shipments.ts'
import { begin, complete, type Label, refuse, type Shipment } from '../domain/shipment.ts'

/**
 * Takes the dispatch up, committed before the carrier is called, so that a crash leaves a trace that the worker finds.
 * False when somebody else moved the shipment meanwhile.
 */
export const beginDispatch = (ctx: Context, shipment: Shipment, operationId: string): Promise<boolean> =>
  ctx.transaction((tx) =>
    saveShipment(tx, {
      from: shipment,
      next: begin(shipment, operationId).next,
      leaseMs: ctx.dispatchLeaseMs,
    }),
  )

/** Lays a dispatch down that the carrier refused, so that it can be mended or cancelled. */
export const refuseDispatch = (ctx: Context, shipment: Shipment): Promise<boolean> =>
  ctx.transaction(async (tx) => {
    const current = await lockShipment(tx, shipment.id)
    if (current?.status !== 'dispatching') return false
    return saveShipment(tx, { from: current, next: refuse(current).next })
  })

/**
 * Writes the label down and tells of it. Whoever comes second with the same label finds it written and gets the
 * shipment as it is.
 */
export const completeDispatch = async (
  ctx: Context,
  tx: Transaction,
  { shipment, label }: { shipment: Shipment; label: Label },
): Promise<Shipment> => {
  const current = await lockShipment(tx, shipment.id)
  if (current === undefined) throw new Error('A shipment that was dispatched is not there')
  if (current.trackingNumber === label.trackingNumber) return current
  const { next, events } = complete(current, label)
  const saved = await saveShipment(tx, { from: current, next, askAfterMs: ctx.reconcileMs })
  if (!saved) throw new Error('A locked shipment has moved')
  await ctx.emit(tx, events)
  return next
}

/** The shipment as it is now, after losing a race for it. */
export const reread = async (ctx: Context, shipment: Shipment): Promise<Shipment> => {
  const current = await findShipment(ctx.db, shipment.id)
  if (current === undefined) throw new Error('A shipment that was dispatched is not there')
  return current
}
