import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findByTracking } from '../db/shipments.ts'
import { presentTracking } from '../shipping/present.ts'

export const trackShipment: Procedure<typeof delivery.trackShipment, Context> = async ({ ctx, input }) => {
  const shipment = await findByTracking(ctx.db, input.trackingNumber)
  if (shipment === undefined) throw ctx.fail('SHIPMENT_NOT_FOUND')
  const { status, carrier, trackingNumber } = shipment
  return { status, carrier, trackingNumber, events: await presentTracking(ctx.db, shipment) }
}
