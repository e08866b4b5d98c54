import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import { randomId } from '../random-id.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { addEvent, eventsOf, type LabelRow, type TrackingEvent } from './label-table.ts'
import { describe, type ParcelStatus } from './parcel.ts'

export type Depot = { ledger: Ledger; clock: Clock; webhooks: Webhooks }

const lastMoveAt = (ledger: Ledger, trackingNumber: string): number =>
  Math.max(0, ...eventsOf(ledger, trackingNumber).map((event) => Date.parse(event.occurredAt)))

// One tracking event, later than all before it, with the webhook it owes. Runs inside a transaction.
export const moveParcel = (depot: Depot, label: LabelRow, status: ParcelStatus): TrackingEvent => {
  const at = Math.max(depot.clock.now(), lastMoveAt(depot.ledger, label.tracking_number) + 1)
  const event: TrackingEvent = {
    id: randomId('cev_'),
    type: 'shipment.tracked',
    trackingNumber: label.tracking_number,
    reference: label.reference,
    status,
    description: describe(status),
    location: null,
    occurredAt: new Date(at).toISOString(),
  }
  addEvent(depot.ledger, event)
  depot.webhooks.enqueue('carrier', { id: event.id, type: event.status, body: JSON.stringify(event) })
  return event
}
