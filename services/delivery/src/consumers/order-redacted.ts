import type { orderRedacted } from '@comptoir/contracts/orders/events'
import { redactedContact, redactedOrder } from '@comptoir/contracts/redacted'
import type { Handler } from '@comptoir/service-kit/consumer'
import { noteRedaction } from '@comptoir/service-kit/redact-kept'
import type { Context } from '../context.ts'
import { lockOrder, noteOrderCancelled, redactShipment } from '../db/shipments.ts'

/** The owner of an order that has ended was erased. */
export const onOrderRedacted: Handler<typeof orderRedacted, Context> = async ({ ctx, tx, event }) => {
  const { orderId } = event.data
  await lockOrder(tx, orderId)
  const id = await redactShipment(tx, orderId)
  // An order that has ended without a shipment was cancelled: none must be planned by what comes late.
  if (id === undefined) await noteOrderCancelled(tx, orderId, ctx.clock.now())
  else await noteRedaction(tx, { id, fields: { contact: redactedContact } }, 'shipment')
  await noteRedaction(tx, { id: orderId, fields: redactedOrder })
}
