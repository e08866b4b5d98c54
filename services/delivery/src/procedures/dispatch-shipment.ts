import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findShipment } from '../db/shipments.ts'
import { can, type Label, type Shipment, wasDispatchedBy } from '../domain/shipment.ts'
import { CarrierRefused, CarrierUnavailable } from '../providers/carrier.ts'
import { beginDispatch, completeDispatch, refuseDispatch, reread } from '../shipping/dispatch.ts'
import { present } from '../shipping/present.ts'

type Ctx = Context & Call<typeof delivery.dispatchShipment>

export const dispatchShipment: Procedure<typeof delivery.dispatchShipment, Context> = async ({
  ctx,
  input,
}) => {
  const shipment = await findShipment(ctx.db, input.shipmentId)
  if (shipment === undefined) throw ctx.fail('SHIPMENT_NOT_FOUND')
  // The first try died, and the worker finished what it had begun.
  if (wasDispatchedBy(shipment, ctx.operationId)) {
    return ctx.transaction(async (tx) => ctx.answer(tx, await present(tx, shipment)))
  }
  await takeUp(ctx, shipment)
  const label = await buyLabel(ctx, shipment)
  return ctx.transaction(async (tx) => {
    const dispatched = await completeDispatch(ctx, tx, { shipment, label })
    return ctx.answer(tx, await present(tx, dispatched))
  })
}

/** Whoever finds the shipment taken up already helps to finish it: the carrier sells one label for a reference. */
const takeUp = async (ctx: Ctx, shipment: Shipment): Promise<void> => {
  if (shipment.status === 'dispatching') return
  if (!can(shipment.status, 'begin')) throw notDispatchable(ctx, shipment)
  const order = await ctx.clients.orders.getSnapshot({ orderId: shipment.orderId })
  if (order.status !== 'prepared') throw ctx.fail('ORDER_NOT_PREPARED')
  // The money was given back and the order not cancelled: a person decides, the parcel stays.
  if (order.paymentStatus === 'refunded') throw notDispatchable(ctx, shipment)
  if (await beginDispatch(ctx, shipment, ctx.operationId)) return
  const current = await reread(ctx, shipment)
  if (current.status !== 'dispatching') throw notDispatchable(ctx, current)
}

const buyLabel = async (ctx: Ctx, shipment: Shipment): Promise<Label> => {
  try {
    return await ctx.carrier.buyLabel(shipment)
  } catch (error) {
    if (error instanceof CarrierUnavailable) throw ctx.fail('CARRIER_UNAVAILABLE')
    if (!(error instanceof CarrierRefused)) throw error
    await refuseDispatch(ctx, shipment)
    ctx.log.warn('The carrier refused a label', { shipmentId: shipment.id, reason: error.code })
    throw notDispatchable(ctx, await reread(ctx, shipment))
  }
}

const notDispatchable = (ctx: Ctx, { status }: Shipment) => ctx.fail('SHIPMENT_NOT_DISPATCHABLE', { status })
