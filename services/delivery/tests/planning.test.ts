import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { shipmentCancelled, shipmentPlanned } from '@comptoir/contracts/delivery/events'
import type { OrderId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { customerActor, serviceActor } from '@comptoir/service-kit/testing/actors'
import { startDelivery } from './delivery-under-test.ts'

const starting = startDelivery()
let house: Awaited<typeof starting>

beforeAll(async () => {
  house = await starting
})
afterAll(() => house.stop())

const cancelShipment = (orderId: OrderId) =>
  house.service.as(serviceActor('orders')).cancelShipment({ orderId })
const seen = (event: typeof shipmentPlanned | typeof shipmentCancelled, orderId: OrderId) =>
  house.service.probe.seen(event).filter(({ data }) => data.orderId === orderId)

describe('options', () => {
  test('anybody can list them', async () => {
    const { items } = await house.service.as(anonymous).listOptions({})
    expect(items.map(({ code }) => code)).toEqual(['collection', 'standard', 'express'])
  })
  test('are quoted for a cart, free from a value on', async () => {
    const subtotal = { amountMinor: 5_000, currency: 'GBP' }
    const { items } = await house.service.as(serviceActor('carts')).quoteOptions({ country: 'GB', subtotal })
    expect(items[0]).toMatchObject({ code: 'standard', price: { amountMinor: 0 } })
  })
})

describe('a confirmed order', () => {
  test('gets one shipment, however often it is told', async () => {
    const order = house.newOrder()
    await house.confirm(order)
    await house.confirm(order)
    const { data } = await house.service.probe.next(
      shipmentPlanned,
      (event) => event.data.orderId === order.id,
    )
    expect(data).toMatchObject({
      status: 'planned',
      orderNumber: 'C-1042',
      contact: order.contact,
      version: 1,
    })
    expect(await house.shipmentsOf(order)).toMatchObject([
      { id: data.shipmentId, status: 'planned', events: [] },
    ])
    expect(seen(shipmentPlanned, order.id)).toHaveLength(1)
  })
})

describe('the shipments of an order', () => {
  test('are shown to its owner, and look to others as if there were none', async () => {
    const owner = customerActor()
    const order = house.newOrder(owner)
    await house.confirm(order)
    const listedBy = async (actor: typeof owner, orderId = order.id) =>
      (await house.service.as(actor).listShipments({ orderId })).items
    expect(await listedBy(owner)).toHaveLength(1)
    expect(await listedBy(customerActor())).toEqual([])
    expect(await listedBy(owner, systemIds.next<OrderId>())).toEqual([])
  })
})

describe('cancelling', () => {
  test('keeps a planned shipment from leaving, once, and tells of it once', async () => {
    const { order } = await house.planned()
    expect(await cancelShipment(order.id)).toEqual({ cancelled: true })
    expect(await cancelShipment(order.id)).toEqual({ cancelled: true })
    await house.cancel(order)
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'cancelled', version: 2 }])
    await house.service.probe.next(shipmentCancelled, ({ data }) => data.orderId === order.id)
    expect(seen(shipmentCancelled, order.id)).toHaveLength(1)
  })

  test('an order that is not planned yet keeps it from ever being planned', async () => {
    const asked = house.newOrder()
    expect(await cancelShipment(asked.id)).toEqual({ cancelled: true })
    const told = house.newOrder()
    await house.cancel(told)
    for (const order of [asked, told]) {
      await house.confirm(order)
      expect(await house.shipmentsOf(order)).toEqual([])
    }
  })

  test('by both ways at once, while the order is confirmed, leaves nothing that could be dispatched', async () => {
    const orders = Array.from({ length: 10 }, () => house.newOrder())
    await Promise.all(
      orders.flatMap((order) => [house.confirm(order), cancelShipment(order.id), house.cancel(order)]),
    )
    for (const order of orders) {
      for (const { status } of await house.shipmentsOf(order)) expect(status).toBe('cancelled')
    }
  })

  test('is refused once the carrier has the parcel', async () => {
    const { order } = await house.dispatched()
    expect(await cancelShipment(order.id)).toEqual({ cancelled: false })
    await house.cancel(order)
    expect(await house.shipmentsOf(order)).toMatchObject([{ status: 'dispatched' }])
  })

  test('is refused while it is not known whether the carrier has it', async () => {
    const { order, shipmentId } = await house.planned()
    await house.carrier.fault({ provider: 'carrier', operation: 'labels.create', times: 1, fail: 503 })
    await house.dispatch(shipmentId).catch(() => undefined)
    expect(await cancelShipment(order.id)).toEqual({ cancelled: false })
  })
})
