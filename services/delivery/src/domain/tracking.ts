import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import { can, type News, newsStatuses, type Shipment, track, type Transition } from './shipment.ts'

/** One thing the carrier told, in our words. */
export interface CarrierEvent {
  /** The carrier's id of it: the same by webhook and by asking. */
  readonly id: string
  readonly status: 'dispatched' | News
  readonly description: string
  readonly at: Date
}

/** How far along a status is; kept with each logged event, so that the log explains what was ignored. */
export const rankOf = (status: CarrierEvent['status']): number => ranks.indexOf(status)

const ranks: readonly ShipmentStatus[] = ['dispatched', ...newsStatuses]

/** Moves the shipment where the event is news; late and repeated ones change nothing. */
export const hear = (shipment: Shipment, event: CarrierEvent): Transition | undefined => {
  if (event.status === 'dispatched' || !can(shipment.status, event.status)) return undefined
  return track(shipment, event.status)
}
