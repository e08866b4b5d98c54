import type { OrderId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { findByOrder, lockOrder, lockShipment, noteOrderCancelled, saveShipment } from '../db/shipments.ts'
import { can, cancel } from '../domain/shipment.ts'

/**
 * Keeps an order's shipment from leaving: true once it is certain that none will. Where there is no shipment yet, none
 * will be planned, however late the order's confirmation arrives.
 */
export const cancelForOrder = async (ctx: Context, tx: Transaction, orderId: OrderId): Promise<boolean> => {
  await lockOrder(tx, orderId)
  const [found] = await findByOrder(tx, orderId, undefined)
  if (found === undefined) {
    await noteOrderCancelled(tx, orderId, ctx.clock.now())
    return true
  }
  const shipment = (await lockShipment(tx, found.id)) ?? found
  if (shipment.status === 'cancelled') return true
  if (!can(shipment.status, 'cancel')) return false
  const { next, events } = cancel(shipment)
  if (!(await saveShipment(tx, { from: shipment, next }))) throw new Error('A locked shipment has moved')
  await ctx.emit(tx, events)
  return true
}
