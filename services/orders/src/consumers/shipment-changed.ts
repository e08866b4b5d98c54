import type { Received } from '@comptoir/contracts/event'
import type { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { deliveryChanged } from '../domain/projections.ts'
import { hear } from '../saga/hear.ts'

interface Delivery {
  readonly ctx: Context
  readonly tx: Transaction
  readonly event: Pick<Received<typeof shipmentDispatched>, 'id' | 'version' | 'data'>
}

/** Every event of a shipment tells its whole state, so one handler hears them all, in whatever order they come. */
export const onShipmentChanged = ({ ctx, tx, event }: Delivery): Promise<void> =>
  hear({ ctx, tx, event, orderId: event.data.orderId }, (order, by) =>
    deliveryChanged(order, { version: event.version, status: event.data.status }, by),
  )
