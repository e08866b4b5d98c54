import type { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { type Handler, PermanentError } from '@comptoir/service-kit/consumer'
import type { Context } from '../context.ts'
import { messages } from '../domain/messages.ts'
import { enqueue } from '../enqueue.ts'

export const onShipmentDispatched: Handler<typeof shipmentDispatched, Context> = async ({
  ctx,
  tx,
  event,
}) => {
  const { contact, orderId, orderNumber, carrier, trackingNumber, trackingUrl } = event.data
  // The label is bought before a parcel is marked as dispatched, so this is a bug of the sender, for a person to see.
  if (trackingNumber === null) throw new PermanentError('A dispatched shipment has no tracking number')
  const plan = messages[event.type]
  await enqueue(ctx, tx, {
    eventId: event.id,
    plan,
    contact,
    orderId,
    payload: {
      template: plan.template,
      parcel: { number: orderNumber, carrier, trackingNumber, trackingUrl },
    },
  })
}
