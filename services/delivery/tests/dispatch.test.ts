import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { delivery } from '@comptoir/contracts/delivery/procedures'
import type { ShipmentId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { customerActor, provenActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { finishDispatches } from '../src/workers/finish-dispatches.ts'
import { signed, startDelivery } from './delivery-under-test.ts'

const starting = startDelivery()
const { expectRefusal, unseen } = refusals(delivery)
let house: Awaited<typeof starting>

beforeAll(async () => {
  house = await starting
})
afterEach(() => house.carrier.reset())
afterAll(() => house.stop())

const labels = { provider: 'carrier', operation: 'labels.create' }
const told = (shipmentId: ShipmentId) =>
  house.service.probe.next(shipmentDispatched, ({ data }) => data.shipmentId === shipmentId)
const timesTold = (shipmentId: ShipmentId) =>
  house.service.probe.seen(shipmentDispatched).filter(({ data }) => data.shipmentId === shipmentId).length

/** The leases of unfinished dispatches pass. */
const leasesPass = () =>
  house.service.sql`update shipments set lease_until = now() where lease_until is not null`

/** The same, and the worker comes by. */
const leasePasses = async () => {
  await leasesPass()
  house.service.context.wake('finish-dispatches')
}

/** Lease after lease passes: the carrier may still be busy with the first try. */
const finishedByWorker = async (shipmentId: ShipmentId) => {
  const passing = setInterval(() => void leasePasses(), 50)
  try {
    return await told(shipmentId)
  } finally {
    clearInterval(passing)
  }
}

describe('dispatching', () => {
  test('buys a label under the shipment’s id and tells of it with its tracking number', async () => {
    const { order, shipmentId } = await house.planned('prepared', 'express')
    const shipment = await house.dispatch(shipmentId)
    const [label, ...others] = await house.carrier.labelsFor(shipmentId)
    expect(others).toEqual([])
    expect(label?.service).toBe('express')
    expect(shipment).toMatchObject({
      status: 'dispatched',
      carrier: 'comptoir-express',
      trackingNumber: label?.trackingNumber,
      version: 2,
    })
    const { data } = await told(shipmentId)
    expect(data).toMatchObject({
      orderId: order.id,
      trackingNumber: label?.trackingNumber,
      lines: order.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
    })
  })

  test('repeated with its key answers the same', async () => {
    const { shipmentId } = await house.planned()
    const key = { idempotencyKey: `key-${systemIds.next()}` }
    const first = await house.service.as(house.staff).dispatchShipment({ shipmentId }, key)
    expect(await house.service.as(house.staff).dispatchShipment({ shipmentId }, key)).toEqual(first)
  })

  test('ten times at once buys one label and tells of it once', async () => {
    const { order, shipmentId } = await house.planned()
    await Promise.allSettled(Array.from({ length: 10 }, () => house.dispatch(shipmentId)))
    await leasePasses()
    await told(shipmentId)
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'dispatched', version: 2 }])
    expect(await house.carrier.labelsFor(shipmentId)).toHaveLength(1)
    expect(timesTold(shipmentId)).toBe(1)
  })
})

describe('a dispatch that broke off', () => {
  test.each([
    ['before the carrier did anything', { fail: 503 }],
    ['after the label was bought', { failAfterEffect: 500 }],
    ['with its answer lost', { dropAnswer: true }],
    ['because the carrier took too long', { delayMs: 1_500 }],
  ])('%s is finished by the worker, with one label', async (_, fault) => {
    const { order, shipmentId } = await house.planned()
    await house.carrier.fault({ ...labels, times: 1, ...fault })
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'CARRIER_UNAVAILABLE')
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'dispatching', trackingNumber: null }])
    const { data } = await finishedByWorker(shipmentId)
    const bought = await house.carrier.labelsFor(shipmentId)
    expect(bought.map(({ trackingNumber }) => trackingNumber)).toEqual([data.trackingNumber ?? ''])
    expect(timesTold(shipmentId)).toBe(1)
  })

  test('and that the worker finished is answered when it is asked for again with its key', async () => {
    const { shipmentId } = await house.planned()
    const key = { idempotencyKey: `key-${systemIds.next()}` }
    const ask = () => house.service.as(house.staff).dispatchShipment({ shipmentId }, key)
    await house.carrier.fault({ ...labels, times: 1, failAfterEffect: 500 })
    await expectRefusal(ask(), 'dispatchShipment', 'CARRIER_UNAVAILABLE')
    const { data } = await finishedByWorker(shipmentId)
    expect(await ask()).toMatchObject({ status: 'dispatched', trackingNumber: data.trackingNumber })
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'SHIPMENT_NOT_DISPATCHABLE')
  })

  test('is left to whoever took it up by the database’s clock, whatever the process’s own says', async () => {
    const { order, shipmentId } = await house.planned()
    await house.carrier.fault({ ...labels, times: 1, fail: 503 })
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'CARRIER_UNAVAILABLE')
    house.clock.advance(86_400_000)
    await finishDispatches.run(house.service.context, new AbortController().signal)
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'dispatching' }])
    await finishedByWorker(shipmentId)
  })

  test('can also be finished by asking again', async () => {
    const { shipmentId } = await house.planned()
    await house.carrier.fault({ ...labels, times: 1, failAfterEffect: 500 })
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'CARRIER_UNAVAILABLE')
    expect(await house.dispatch(shipmentId)).toMatchObject({ status: 'dispatched' })
    expect(await house.carrier.labelsFor(shipmentId)).toHaveLength(1)
  })

  test('for good does not keep the others waiting', async () => {
    const stuck = await house.planned()
    const fine = await house.planned()
    await house.carrier.fault({ ...labels, times: 2, failAfterEffect: 500 })
    for (const { shipmentId } of [stuck, fine]) {
      await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'CARRIER_UNAVAILABLE')
    }
    const [label] = await house.carrier.labelsFor(stuck.shipmentId)
    const other = await house.dispatched()
    // The carrier gave one number twice.
    await house.service.sql`
      update shipments set tracking_number = ${label?.trackingNumber ?? ''} where id = ${other.shipmentId}`
    await leasesPass()
    await finishDispatches.run(house.service.context, new AbortController().signal)
    await told(fine.shipmentId)
  })
})

describe('refuses to dispatch', () => {
  test('a shipment that does not exist', () =>
    expectRefusal(house.dispatch(systemIds.next<ShipmentId>()), 'dispatchShipment', 'SHIPMENT_NOT_FOUND'))

  test('an order that was never prepared', async () => {
    const { order, shipmentId } = await house.planned('confirmed')
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'ORDER_NOT_PREPARED')
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'planned' }])
    expect(await house.carrier.labelsFor(shipmentId)).toEqual([])
  })

  test('an order whose money was given back', async () => {
    const { order, shipmentId } = await house.planned()
    house.orderIs({ ...order, status: 'prepared', paymentStatus: 'refunded' })
    const error = await expectRefusal(
      house.dispatch(shipmentId),
      'dispatchShipment',
      'SHIPMENT_NOT_DISPATCHABLE',
    )
    expect(error.data).toEqual({ status: 'planned' })
    expect(await house.carrier.labelsFor(shipmentId)).toEqual([])
  })

  test('twice', async () => {
    const { shipmentId } = await house.dispatched()
    const error = await expectRefusal(
      house.dispatch(shipmentId),
      'dispatchShipment',
      'SHIPMENT_NOT_DISPATCHABLE',
    )
    expect(error.data).toEqual({ status: 'dispatched' })
  })

  test('what the carrier will not take, and leaves it as it was', async () => {
    const { order, shipmentId } = await house.planned()
    await house.carrier.fault({ ...labels, times: 1, fail: 400 })
    await expectRefusal(house.dispatch(shipmentId), 'dispatchShipment', 'SHIPMENT_NOT_DISPATCHABLE')
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'planned', version: 1 }])
    expect(await house.dispatch(shipmentId)).toMatchObject({ status: 'dispatched' })
  })

  test('for anybody but staff', async () => {
    const { shipmentId } = await house.planned()
    const asked = house.service.as(customerActor()).dispatchShipment({ shipmentId })
    expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

test('a tracking number nobody gave is not found', () =>
  expectRefusal(
    house.service.as(customerActor()).trackShipment({ trackingNumber: 'CX000000000GB' }),
    'trackShipment',
    'SHIPMENT_NOT_FOUND',
  ))

test('an export refuses a cursor of another list', () =>
  expectRefusal(
    house.service.as(provenActor(house.clock.now())).exportShipments({ cursor: 'bm9uc2Vuc2U' }),
    'exportShipments',
    'CURSOR_INVALID',
  ))

test('a webhook with a signature that does not fit is refused and not kept', async () => {
  const { body, headers } = signed('cev_forged', house.clock.now(), '{}')
  const forged = [
    { body: '{ }', headers },
    { body, headers: {} },
    { body, headers: { ...headers, 'webhook-id': 'cev_other' } },
    signed('cev_old', new Date(house.clock.now().getTime() - 302_000), '{}'),
  ]
  for (const webhook of forged) {
    await expectRefusal(house.receive(webhook), 'receiveWebhook', 'WEBHOOK_SIGNATURE_INVALID')
  }
  expect(await house.service.sql`select 1 from carrier_webhooks`).toHaveLength(0)
})

test('every error that the contract declares was seen', () => expect(unseen()).toEqual([]))
