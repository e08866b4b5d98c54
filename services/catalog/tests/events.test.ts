import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  productArchived,
  productCreated,
  productUpdated,
  stockChanged,
} from '@comptoir/contracts/catalog/events'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { type DataOf, occurred } from '@comptoir/contracts/event'
import { CartId, type OrderId, ProductId, ShipmentId, type VariantId } from '@comptoir/contracts/ids'
import { orderCancelled, orderConfirmed } from '@comptoir/contracts/orders/events'
import { systemIds } from '@comptoir/service-kit/ids'
import { type Catalog, imbalances, newOrder, oneOf, startCatalog } from './fixture.ts'

let shop: Catalog
beforeAll(async () => {
  shop = await startCatalog()
})
afterAll(() => shop.service.stop())

const free = { amountMinor: 0, currency: 'GBP' }
const contact = { email: 'ada@example.com', locale: 'en' as const }
const orderData = (id: OrderId): DataOf<typeof orderCancelled> => ({
  id,
  number: 'C-1',
  status: 'confirmed',
  paymentStatus: 'paid',
  deliveryStatus: 'none',
  lines: [],
  totals: { currency: 'GBP', subtotal: free, delivery: free, tax: free, total: free },
  contact,
  address: { name: 'Ada', line1: '1 Street', city: 'London', postalCode: 'N1', country: 'GB' },
  deliveryOption: { code: 'standard', name: 'Standard', price: free, daysMin: 1, daysMax: 2 },
  cancelReason: null,
  version: 2,
  owner: { kind: 'guest', id: systemIds.next() },
  cartId: CartId.parse(systemIds.next()),
  cartVersion: 1,
})
const shipmentData = (orderId: OrderId): DataOf<typeof shipmentDispatched> => ({
  shipmentId: ShipmentId.parse(systemIds.next()),
  orderId,
  orderNumber: 'C-1',
  status: 'dispatched',
  carrier: 'Parcel',
  trackingNumber: 'T1',
  trackingUrl: null,
  version: 2,
  contact,
  lines: [],
})
const dispatched = (orderId: OrderId) => {
  const data = shipmentData(orderId)
  return occurred(shipmentDispatched, { aggregateId: data.shipmentId, version: 2, data })
}
/** The level as one of its changes left it: 1 is its opening, 2 the hold. */
const levelAt = async (variantId: VariantId, version: number) => {
  const { data } = await shop.service.probe.next(
    stockChanged,
    (event) => event.data.variantId === variantId && event.version === version,
  )
  return { onHand: data.onHand, allocated: data.allocated }
}
const hold = async (onHand: number, quantity: number) => {
  const variantId = shop.variantOf(await shop.stocked(onHand))
  const { orderId } = await shop.orders.reserveStock({
    orderId: newOrder(),
    lines: oneOf(variantId, quantity),
  })
  return { variantId, orderId }
}

test('a product tells of its creation, its changes and its end, each under its version', async () => {
  const product = await shop.stocked(7)
  const created = await shop.service.probe.next(
    productCreated,
    ({ aggregateId }) => aggregateId === product.id,
  )
  expect(created).toMatchObject({ version: 1, data: { variants: [{ available: 7 }], slug: product.slug } })
  await shop.staff.updateProduct({ productId: product.id, name: 'Cup' })
  const updated = await shop.service.probe.next(
    productUpdated,
    ({ aggregateId }) => aggregateId === product.id,
  )
  expect(updated).toMatchObject({ version: 2, data: { name: 'Cup' } })
  await shop.staff.archiveProduct({ productId: ProductId.parse(product.id) })
  const archived = await shop.service.probe.next(
    productArchived,
    ({ aggregateId }) => aggregateId === product.id,
  )
  expect(archived).toMatchObject({ version: 3, data: { status: 'archived' } })
})

test('a dispatched shipment takes the units out of both counts, once', async () => {
  const { variantId, orderId } = await hold(10, 4)
  await shop.orders.commitReservation({ orderId })
  const event = dispatched(orderId)
  const id = systemIds.next()
  await shop.service.publish(event, { id })
  expect(await levelAt(variantId, 3)).toEqual({ onHand: 6, allocated: 0 })
  await shop.service.publish(event, { id })
  await shop.service.publish(dispatched(orderId))
  const sentinel = await hold(1, 1)
  await shop.orders.commitReservation({ orderId: sentinel.orderId })
  await shop.service.publish(dispatched(sentinel.orderId))
  await levelAt(sentinel.variantId, 3)
  expect(await shop.staff.getStock({ variantId })).toMatchObject({ onHand: 6, allocated: 0 })
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'shipped' })
  expect([...(await imbalances(shop))]).toEqual([])
})

test('a dispatched shipment that overtakes the confirmation ships all the same', async () => {
  const { variantId, orderId } = await hold(10, 4)
  await shop.service.publish(dispatched(orderId))
  expect(await levelAt(variantId, 3)).toEqual({ onHand: 6, allocated: 0 })
})

test('a confirmed order is committed, should nobody have done it', async () => {
  const { variantId, orderId } = await hold(10, 4)
  await shop.makeDue(orderId)
  await shop.expire()
  expect(await levelAt(variantId, 3)).toEqual({ onHand: 10, allocated: 0 })
  await shop.service.publish(
    occurred(orderConfirmed, { aggregateId: orderId, version: 2, data: orderData(orderId) }),
  )
  await shop.service.probe.next(
    stockChanged,
    ({ data, version }) => data.variantId === variantId && version === 4,
  )
  expect(await shop.orders.commitReservation({ orderId })).toMatchObject({ state: 'committed' })
})

test('a cancelled order gives its units back, committed or not', async () => {
  const { variantId, orderId } = await hold(10, 4)
  await shop.orders.commitReservation({ orderId })
  await shop.service.publish(
    occurred(orderCancelled, { aggregateId: orderId, version: 3, data: orderData(orderId) }),
  )
  expect(await levelAt(variantId, 3)).toEqual({ onHand: 10, allocated: 0 })
  expect(await shop.orders.releaseReservation({ orderId })).toEqual({ state: 'released' })
})
