import { describe, expect, test } from 'bun:test'
import { type ShipmentStatus, shipmentStatuses } from '@comptoir/contracts/delivery/model'
import { OrderId, ShipmentId } from '@comptoir/contracts/ids'
import {
  begin,
  can,
  cancel,
  type Command,
  commands,
  complete,
  IllegalMove,
  newsStatuses,
  refuse,
  type Shipment,
  track,
  type Transition,
} from './shipment.ts'
import { type CarrierEvent, hear, rankOf } from './tracking.ts'

const shipment = (status: ShipmentStatus): Shipment => ({
  id: ShipmentId.parse('0190a6ff-0000-7000-8000-000000000001'),
  orderId: OrderId.parse('0190a6ff-0000-7000-8000-000000000002'),
  orderNumber: 'C-1',
  ownerId: 'somebody',
  status,
  option: 'standard',
  contact: { email: 'ada@example.org' },
  address: { name: 'Ada', line1: '1 High St', city: 'Leeds', postalCode: 'LS1', country: 'GB' },
  lines: [],
  carrier: null,
  trackingNumber: null,
  trackingUrl: null,
  dispatchOperation: null,
  version: 3,
  createdAt: new Date(0),
})
const label = {
  carrier: 'comptoir-express',
  trackingNumber: 'CX1',
  trackingUrl: 'https://carrier.example/CX1',
}

const run: Readonly<Record<Command, (from: Shipment) => Transition>> = {
  begin: (given) => begin(given, 'operation'),
  complete: (from) => complete(from, label),
  refuse,
  cancel,
  in_transit: (from) => track(from, 'in_transit'),
  out_for_delivery: (from) => track(from, 'out_for_delivery'),
  failed: (from) => track(from, 'failed'),
  delivered: (from) => track(from, 'delivered'),
}

// Every other cell of the table must be refused.
const legal: Readonly<Record<string, readonly [ShipmentStatus, string | null]>> = {
  'planned begin': ['dispatching', null],
  'planned cancel': ['cancelled', 'delivery.shipment.cancelled.v1'],
  'dispatching complete': ['dispatched', 'delivery.shipment.dispatched.v1'],
  'dispatching refuse': ['planned', null],
  'dispatched in_transit': ['in_transit', 'delivery.shipment.tracked.v1'],
  'dispatched out_for_delivery': ['out_for_delivery', 'delivery.shipment.tracked.v1'],
  'dispatched failed': ['failed', 'delivery.shipment.failed.v1'],
  'dispatched delivered': ['delivered', 'delivery.shipment.delivered.v1'],
  'in_transit out_for_delivery': ['out_for_delivery', 'delivery.shipment.tracked.v1'],
  'in_transit failed': ['failed', 'delivery.shipment.failed.v1'],
  'in_transit delivered': ['delivered', 'delivery.shipment.delivered.v1'],
  'out_for_delivery failed': ['failed', 'delivery.shipment.failed.v1'],
  'out_for_delivery delivered': ['delivered', 'delivery.shipment.delivered.v1'],
  'failed delivered': ['delivered', 'delivery.shipment.delivered.v1'],
}

describe('a shipment', () => {
  for (const status of shipmentStatuses) {
    for (const command of commands) {
      const expected = legal[`${status} ${command}`]
      if (expected === undefined) {
        test(`that is ${status} refuses ${command}`, () => {
          expect(can(status, command)).toBe(false)
          expect(() => run[command](shipment(status))).toThrow(IllegalMove)
        })
        continue
      }
      test(`that is ${status} becomes ${expected[0]} by ${command}`, () => {
        const { next, events } = run[command](shipment(status))
        expect(can(status, command)).toBe(true)
        expect(next.status).toBe(expected[0])
        expect(events.map(({ event }) => event.subject)).toEqual(expected[1] === null ? [] : [expected[1]])
        // A version for each event and none without.
        expect(next.version).toBe(3 + events.length)
        for (const { data, event, version } of events) {
          expect(version).toBe(4)
          expect(event.data.safeParse(data).success).toBe(true)
        }
      })
    }
  }
})

describe('what the carrier tells', () => {
  const told = (status: CarrierEvent['status']): CarrierEvent => ({
    id: 'cev_1',
    status,
    description: '',
    at: new Date(0),
  })

  test('only ever moves forward, whatever the order it comes in', () => {
    for (const first of newsStatuses) {
      const after = hear(shipment('dispatched'), told(first))?.next
      expect(after?.status).toBe(first)
      for (const second of newsStatuses) {
        const moved = hear(shipment(first), told(second))
        expect(moved !== undefined).toBe(rankOf(second) > rankOf(first))
      }
    }
  })
  test('of a label or a collection is no news', () =>
    expect(hear(shipment('dispatched'), told('dispatched'))).toBeUndefined())
})
