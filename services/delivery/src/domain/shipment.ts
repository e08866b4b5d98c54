import type { Contact } from '@comptoir/contracts/carts/model'
import type { StockLine } from '@comptoir/contracts/catalog/model'
import {
  shipmentCancelled,
  shipmentDelivered,
  shipmentDispatched,
  shipmentFailed,
  shipmentPlanned,
  shipmentTracked,
} from '@comptoir/contracts/delivery/events'
import type { ShipmentStatus } from '@comptoir/contracts/delivery/model'
import { type EventContract, type Occurrence, occurred } from '@comptoir/contracts/event'
import type { OrderId, ShipmentId } from '@comptoir/contracts/ids'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import type { Address } from '@comptoir/contracts/text'

export interface Shipment {
  readonly id: ShipmentId
  readonly orderId: OrderId
  readonly orderNumber: string
  readonly ownerId: string
  readonly status: ShipmentStatus
  readonly option: string
  readonly contact: Contact
  readonly address: Address
  readonly lines: StockLine[]
  readonly carrier: string | null
  readonly trackingNumber: string | null
  readonly trackingUrl: string | null
  /** The operation that took the dispatch up last. */
  readonly dispatchOperation: string | null
  /** Counts what was told: taking up a dispatch and laying it down again is told to nobody. */
  readonly version: number
  readonly createdAt: Date
}

export interface Label {
  readonly carrier: string
  readonly trackingNumber: string
  readonly trackingUrl: string
}

export interface Transition {
  readonly next: Shipment
  readonly events: Occurrence[]
}

/** What the carrier can tell of a parcel it has. */
export const newsStatuses = ['in_transit', 'out_for_delivery', 'failed', 'delivered'] as const
export type News = (typeof newsStatuses)[number]

export const commands = ['begin', 'complete', 'refuse', 'cancel', ...newsStatuses] as const
export type Command = (typeof commands)[number]

/** News only go forward. A parcel whose delivery failed may still be delivered: carriers try again. */
const transitions = {
  planned: { begin: 'dispatching', cancel: 'cancelled' },
  dispatching: { complete: 'dispatched', refuse: 'planned' },
  dispatched: {
    in_transit: 'in_transit',
    out_for_delivery: 'out_for_delivery',
    failed: 'failed',
    delivered: 'delivered',
  },
  in_transit: { out_for_delivery: 'out_for_delivery', failed: 'failed', delivered: 'delivered' },
  out_for_delivery: { failed: 'failed', delivered: 'delivered' },
  failed: { delivered: 'delivered' },
  delivered: {},
  cancelled: {},
} as const satisfies Record<ShipmentStatus, Partial<Record<Command, ShipmentStatus>>>

export class IllegalMove extends Error {
  override readonly name = 'IllegalMove'
  readonly status: ShipmentStatus
  readonly command: Command
  constructor(status: ShipmentStatus, command: Command) {
    super(`A shipment that is ${status} cannot ${command}`)
    this.status = status
    this.command = command
  }
}

export const can = (status: ShipmentStatus, command: Command): boolean => command in transitions[status]

/** The shipment of an order that has been paid. */
export const plan = (order: OrderSnapshot, id: ShipmentId, now: Date): Transition => {
  const next: Shipment = {
    id,
    orderId: order.id,
    orderNumber: order.number,
    ownerId: order.owner.id,
    status: 'planned',
    option: order.deliveryOption.code,
    contact: order.contact,
    address: order.address,
    lines: order.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
    carrier: null,
    trackingNumber: null,
    trackingUrl: null,
    dispatchOperation: null,
    version: 1,
    createdAt: now,
  }
  return { next, events: [told(shipmentPlanned, next)] }
}

/** Takes up the dispatch: from here on the shipment can no longer be cancelled. */
export const begin = (shipment: Shipment, dispatchOperation: string): Transition =>
  untold({ ...shipment, dispatchOperation }, 'begin')

/** Whether this very operation has brought the shipment on its way, even if others finished what it began. */
export const wasDispatchedBy = (shipment: Shipment, operationId: string): boolean =>
  shipment.trackingNumber !== null && shipment.dispatchOperation === operationId

/** Lays the dispatch down: the carrier does not take the parcel. */
export const refuse = (shipment: Shipment): Transition => untold(shipment, 'refuse')

/** The label is bought. */
export const complete = (shipment: Shipment, label: Label): Transition =>
  tell(shipmentDispatched, { ...moved(shipment, 'complete'), ...label })

export const cancel = (shipment: Shipment): Transition => tell(shipmentCancelled, moved(shipment, 'cancel'))

/** What the carrier told moves the shipment forward. Throws where it is no news: ask `can` first. */
export const track = (shipment: Shipment, news: News): Transition =>
  tell(eventOfNews[news], moved(shipment, news))

type ShipmentEvent = EventContract<string, 'shipment', (typeof shipmentTracked)['data']>

const eventOfNews: Readonly<Record<News, ShipmentEvent>> = {
  in_transit: shipmentTracked,
  out_for_delivery: shipmentTracked,
  failed: shipmentFailed,
  delivered: shipmentDelivered,
}

const moved = (shipment: Shipment, command: Command): Shipment => {
  const targets: Partial<Record<Command, ShipmentStatus>> = transitions[shipment.status]
  const status = targets[command]
  if (status === undefined) throw new IllegalMove(shipment.status, command)
  return { ...shipment, status }
}

const untold = (shipment: Shipment, command: Command): Transition => ({
  next: moved(shipment, command),
  events: [],
})

const tell = (event: ShipmentEvent, shipment: Shipment): Transition => {
  const next = { ...shipment, version: shipment.version + 1 }
  return { next, events: [told(event, next)] }
}

const told = (event: ShipmentEvent, shipment: Shipment): Occurrence =>
  occurred(event, {
    aggregateId: shipment.id,
    version: shipment.version,
    data: {
      shipmentId: shipment.id,
      orderId: shipment.orderId,
      orderNumber: shipment.orderNumber,
      status: shipment.status,
      carrier: shipment.carrier,
      trackingNumber: shipment.trackingNumber,
      trackingUrl: shipment.trackingUrl,
      version: shipment.version,
      contact: shipment.contact,
      lines: shipment.lines,
    },
  })
