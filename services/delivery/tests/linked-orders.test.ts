import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import type { UserId } from '@comptoir/contracts/ids'
import { orderLinked } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot, OrderStatus } from '@comptoir/contracts/orders/model'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { onOrderLinked } from '../src/consumers/order-linked.ts'
import { startDelivery } from './delivery-under-test.ts'

const starting = startDelivery()
let house: Awaited<typeof starting>
beforeAll(async () => {
  house = await starting
})
afterAll(() => house.stop())

/** Tells that an order was linked while it was in a status, and resolves with the id of the event. */
const link = async ({ id: orderId }: OrderSnapshot, { id }: Actor, status: OrderStatus): Promise<string> => {
  const eventId = crypto.randomUUID()
  const data = { orderId, ownerId: id as UserId, status }
  await house.service.publish(occurred(orderLinked, { aggregateId: orderId, version: 2, data }), {
    id: eventId,
  })
  return eventId
}
const heard = async (eventId: string): Promise<void> => {
  for (const end = performance.now() + 30_000; performance.now() < end; await Bun.sleep(20)) {
    if ((await house.service.sql`select from inbox where event_id = ${eventId}`).length > 0) return
  }
  throw new Error('The event was not heard in 30 s')
}
const seenBy = async (actor: Actor, { id: orderId }: OrderSnapshot): Promise<number> =>
  (await house.service.as(actor).listShipments({ orderId })).items.length

test('the shipment of a linked order is the account’s, and the guest’s no more', async () => {
  const [guest, customer] = [guestActor(), customerActor()]
  const order = house.newOrder(guest)
  await house.confirm(order)
  expect([await seenBy(guest, order), await seenBy(customer, order)]).toEqual([1, 0])
  await heard(await link(order, customer, 'confirmed'))
  expect([await seenBy(guest, order), await seenBy(customer, order)]).toEqual([0, 1])
})

/** Has the link heard without the inbox before it, so that the test need not wait for the second delivery. */
const hear = ({ id: orderId }: OrderSnapshot, { id }: Actor): Promise<void> => {
  const { context } = house.service
  const data = { orderId, ownerId: id as UserId, status: 'confirmed' as const }
  const about = { id: crypto.randomUUID(), type: orderLinked.subject, time: new Date().toISOString() }
  const event = { ...about, aggregateId: orderId, version: 2, data }
  return context.transaction((tx) => onOrderLinked({ ctx: context, tx, event }))
}

test('a link that is heard before the confirmation of the guest’s order has to come again, and is not lost', async () => {
  const [guest, customer] = [guestActor(), customerActor()]
  const order = house.newOrder(guest)
  await expect(hear(order, customer)).rejects.toThrow('no shipment yet')
  await house.confirm(order)
  await hear(order, customer)
  expect([await seenBy(guest, order), await seenBy(customer, order)]).toEqual([0, 1])
})

test('a link of an order that will have no shipment is heard and done with', async () => {
  const customer = customerActor()
  for (const status of ['received', 'cancelled'] as const) {
    await heard(await link(house.newOrder(), customer, status))
  }
  const order = house.newOrder()
  await house.cancel(order)
  await heard(await link(order, customer, 'confirmed'))
  expect(await seenBy(customer, order)).toBe(0)
})
