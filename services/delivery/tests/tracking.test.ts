import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { shipmentDelivered, shipmentFailed, shipmentTracked } from '@comptoir/contracts/delivery/events'
import type { ShipmentId } from '@comptoir/contracts/ids'
import { signed, startDelivery } from './delivery-under-test.ts'
import { askCarrier } from '../src/workers/ask-carrier.ts'
import { deleteOldWebhooks } from '../src/workers/delete-old-webhooks.ts'

const starting = startDelivery()
let house: Awaited<typeof starting>

beforeAll(async () => {
  house = await starting
})
afterEach(() => house.carrier.reset())
afterAll(() => house.stop())

const of = (shipmentId: ShipmentId) => (event: { data: { shipmentId: ShipmentId } }) =>
  event.data.shipmentId === shipmentId
/** Everything that was told of the parcel's way, in order. */
const toldOf = (shipmentId: ShipmentId): [number, string][] =>
  [shipmentTracked, shipmentFailed, shipmentDelivered]
    .flatMap((event) => house.service.probe.seen(event).filter(of(shipmentId)))
    .toSorted((a, b) => a.version - b.version)
    .map(({ data, version }) => [version, data.status])
const delivered = (shipmentId: ShipmentId) => house.service.probe.next(shipmentDelivered, of(shipmentId))
const fullStory: [number, string][] = [
  [3, 'in_transit'],
  [4, 'out_for_delivery'],
  [5, 'delivered'],
]

describe('the carrier’s news', () => {
  test('move a parcel on, step by step, for everybody who knows its number', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    for (const status of ['label_created', 'collected', 'in_transit', 'out_for_delivery', 'delivered']) {
      house.clock.advance(1_000)
      expect(await house.news(trackingNumber, status)).toEqual({ duplicate: false })
    }
    await delivered(shipmentId)
    expect(toldOf(shipmentId)).toEqual(fullStory)
    const tracking = await house.service.as(anonymous).trackShipment({ trackingNumber })
    expect(tracking).toMatchObject({ status: 'delivered', carrier: 'comptoir-express', trackingNumber })
    expect(tracking.events.map(({ status }) => status)).toEqual([
      'dispatched',
      'dispatched',
      'in_transit',
      'out_for_delivery',
      'delivered',
    ])
    expect(Object.keys(tracking).toSorted()).toEqual(['carrier', 'events', 'status', 'trackingNumber'])
  })

  test('five times each are heard once', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    const repeats: boolean[] = []
    for (const status of ['in_transit', 'out_for_delivery', 'delivered']) {
      for (let time = 0; time < 5; time += 1) {
        const { duplicate } = await house.news(trackingNumber, status, `cev_${status}_${trackingNumber}`)
        repeats.push(duplicate)
      }
    }
    await delivered(shipmentId)
    expect(repeats.filter((duplicate) => !duplicate)).toHaveLength(3)
    expect(toldOf(shipmentId)).toEqual(fullStory)
  })

  test('are deleted a month after they were worked on, and told again then change nothing', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    const id = `cev_old_${trackingNumber}`
    await house.news(trackingNumber, 'delivered', id)
    await delivered(shipmentId)
    const age = (days: number) => house.service.sql`
      update carrier_webhooks set processed_at = now() - ${days} * interval '1 day' where event_id = ${id}`
    const deleteOld = () => deleteOldWebhooks.run(house.service.context, new AbortController().signal)
    await age(29)
    await deleteOld()
    expect(await house.news(trackingNumber, 'delivered', id)).toEqual({ duplicate: true })
    await age(31)
    await deleteOld()
    expect(await house.news(trackingNumber, 'delivered', id)).toEqual({ duplicate: false })
    await settled()
    expect(toldOf(shipmentId)).toHaveLength(1)
  })

  test('that come late are kept in the log and change nothing', async () => {
    const { order, shipmentId, trackingNumber } = await house.dispatched()
    await house.news(trackingNumber, 'delivered')
    await delivered(shipmentId)
    await house.news(trackingNumber, 'in_transit', 'cev_late')
    await house.news(trackingNumber, 'failed', 'cev_too_late')
    await settled()
    expect(toldOf(shipmentId)).toEqual([[3, 'delivered']])
    const [shipment] = await house.shipmentsOf(order)
    expect(shipment).toMatchObject({ status: 'delivered', version: 3 })
    expect(shipment?.events).toHaveLength(3)
    const log = await house.service.sql`
      select status, applied from tracking_events where shipment_id = ${shipmentId} order by rank`
    expect(log.map(({ status, applied }) => [status, applied])).toEqual([
      ['in_transit', false],
      ['failed', false],
      ['delivered', true],
    ])
  })

  test('that come while another process moves the parcel take nothing back and are not tried again', async () => {
    const { order, shipmentId, trackingNumber } = await house.dispatched()
    await house.service.sql.begin(async (tx) => {
      await tx`select from shipments where id = ${shipmentId} for update`
      await house.news(trackingNumber, 'in_transit', 'cev_beside')
      await someoneWaits()
      await tx`
        update shipments set status = 'out_for_delivery', version = version + 1 where id = ${shipmentId}`
    })
    await settled()
    const rows = await house.service.sql`
      select outcome, tries from carrier_webhooks where event_id = 'cev_beside'`
    expect([...rows]).toEqual([{ outcome: 'heard', tries: 0 }])
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'out_for_delivery', version: 3 }])
  })

  test('of a failure are told, and a later delivery still counts', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    await house.news(trackingNumber, 'failed')
    await house.service.probe.next(shipmentFailed, of(shipmentId))
    await house.news(trackingNumber, 'delivered')
    await delivered(shipmentId)
    expect(toldOf(shipmentId)).toEqual([
      [3, 'failed'],
      [4, 'delivered'],
    ])
  })

  test('that cannot be read are put aside and hold nobody up', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    await house.receive(signed('cev_poison', house.clock.now(), '{"nonsense":true}'))
    await house.news(trackingNumber, 'delivered')
    await delivered(shipmentId)
    await settled()
    const rows = await house.service.sql`select outcome from carrier_webhooks where event_id = 'cev_poison'`
    expect(rows[0]?.['outcome']).toBe('unreadable')
  })

  test('that can be read and still not be kept hold nobody up either, and are given up in the end', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    const occurredAt = house.clock.now().toISOString()
    const poison = { id: 'cev_nul', trackingNumber, status: 'in_transit', description: '\0', occurredAt }
    await house.receive(signed('cev_nul', house.clock.now(), JSON.stringify(poison)))
    house.clock.advance(1)
    await house.news(trackingNumber, 'delivered')
    await delivered(shipmentId)
    expect(await givenUp('cev_nul')).toBe('unreadable')
  })

  test('about a parcel that is not known yet wait for it, and are given up in the end', async () => {
    await house.news('CX-not-ours', 'delivered', 'cev_stranger')
    await settled()
    expect(await outcomeOf('cev_stranger')).toBeNull()
    expect(await givenUp('cev_stranger')).toBe('unknown')
  })
})

describe('a webhook that never came', () => {
  test('does not matter: the carrier is asked', async () => {
    const { shipmentId, trackingNumber } = await house.dispatched()
    await house.carrier.advance(trackingNumber, 'delivered')
    await house.service.sql`update shipments set ask_at = now() where id = ${shipmentId}`
    house.service.context.wake('ask-carrier')
    await delivered(shipmentId)
    expect(toldOf(shipmentId)).toEqual(fullStory)
  })
})

describe('a parcel that nothing was heard of for thirty days', () => {
  const ask = () => askCarrier.run(house.service.context, new AbortController().signal)
  const silentFor = (shipmentId: ShipmentId, days: number) => house.service.sql`
    update shipments set heard_at = now() - ${days} * interval '1 day', ask_at = now() where id = ${shipmentId}`

  test('has failed, once, whatever the carrier answers, and may be delivered all the same', async () => {
    const { order, shipmentId, trackingNumber } = await house.dispatched()
    await silentFor(shipmentId, 29)
    await ask()
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'dispatched' }])
    await silentFor(shipmentId, 31)
    await house.carrier.fault({ provider: 'carrier', operation: 'shipments.get', times: 1, fail: 503 })
    await ask()
    await house.service.probe.next(shipmentFailed, of(shipmentId))
    await silentFor(shipmentId, 31)
    await ask()
    const rows = await house.service.sql`select ask_at from shipments where id = ${shipmentId}`
    expect([...rows]).toEqual([{ ask_at: null }])
    await house.news(trackingNumber, 'delivered')
    await delivered(shipmentId)
    expect(toldOf(shipmentId)).toEqual([
      [3, 'failed'],
      [4, 'delivered'],
    ])
  })
})

describe('with the carrier’s own webhooks', () => {
  test('every one five times, shuffled, some before the label’s own answer: the same end', async () => {
    const rule = { webhooks: 'carrier', duplicate: 5, shuffle: { seed: 7, hold: 10, holdMs: 200 } }
    await house.carrier.fault({ webhooks: 'carrier', type: 'label_created', beforeAnswer: true, times: 1 })
    await house.carrier.fault(rule)
    const own = await startReceiver()
    await house.carrier.webhooksTo(own.url)
    const { order, shipmentId, trackingNumber } = await house.dispatched()
    await house.carrier.advance(trackingNumber, 'delivered')
    await delivered(shipmentId)
    await house.carrier.webhooksTo(null)
    await own.stop()
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'delivered' }])
    const told = toldOf(shipmentId).map(([, status]) => status)
    expect(told.at(-1)).toBe('delivered')
    expect(new Set(told).size).toBe(told.length)
  })
})

/** Until somebody stands before a row that another has. */
const someoneWaits = async (): Promise<void> => {
  const waiting = () => house.service.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting()).length === 0) await Bun.sleep(5)
}

const outcomeOf = async (eventId: string): Promise<unknown> => {
  const rows = await house.service.sql`select outcome from carrier_webhooks where event_id = ${eventId}`
  return rows[0]?.['outcome']
}

/** What becomes of a webhook in the end, however often it is tried before. */
const givenUp = async (eventId: string): Promise<unknown> => {
  for (let round = 0; round < 40 && (await outcomeOf(eventId)) === null; round += 1) {
    await house.service.sql`update carrier_webhooks set not_before = now() where processed_at is null`
    house.service.context.wake('apply-webhooks')
    await settled()
  }
  return outcomeOf(eventId)
}

/** Until every webhook that is due has been worked on. */
const settled = async (): Promise<void> => {
  for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
    const waiting = await house.service.sql`
      select 1 from carrier_webhooks where processed_at is null and not_before <= now()`
    if (waiting.length === 0) return
  }
  throw new Error('Webhooks were not worked on in 10 s')
}

/** Where the gateway stands. The clock of the test follows the carrier's, whose signatures bear the real time. */
const startReceiver = async () => {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const headers = Object.fromEntries([...request.headers].filter(([name]) => name.startsWith('webhook-')))
      const ahead = Date.now() - house.clock.now().getTime()
      house.clock.advance(ahead)
      await house.receive({ body: await request.text(), headers })
      return new Response(null, { status: 204 })
    },
  })
  return { url: server.url.origin, stop: () => server.stop(true) }
}
