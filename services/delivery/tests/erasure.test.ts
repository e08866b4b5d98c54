import { afterAll, beforeAll, expect, test } from 'bun:test'
import { occurred } from '@comptoir/contracts/event'
import type { OrderId } from '@comptoir/contracts/ids'
import { orderRedacted } from '@comptoir/contracts/orders/events'
import { startDelivery } from './delivery-under-test.ts'

const starting = startDelivery()
let house: Awaited<typeof starting>

beforeAll(async () => {
  house = await starting
})
afterAll(() => house.stop())

const countHeardBy = async (consumer: string): Promise<number> =>
  (await house.service.sql`select from inbox where consumer = ${consumer}`).length
const heard = async (consumer: string, work: () => Promise<unknown>): Promise<void> => {
  const before = await countHeardBy(consumer)
  await work()
  while ((await countHeardBy(consumer)) === before) await Bun.sleep(20)
}
const redact = (orderId: OrderId) =>
  heard('order-redacted', () =>
    house.service.publish(occurred(orderRedacted, { aggregateId: orderId, version: 5, data: { orderId } })),
  )

test('a shipment forgets whom it went to, but for the country, and so does what was told of it', async () => {
  const { order } = await house.planned()
  await redact(order.id)
  const [row] = await house.service.sql`select contact, address from shipments where order_id = ${order.id}`
  expect(row).toMatchObject({
    contact: { email: 'erased@erased.invalid' },
    address: { name: 'Erased', country: order.address.country },
  })
  const told = () => house.service.sql`
    select payload->'contact'->>'email' as email from outbox where payload->>'orderId' = ${order.id}`
  while ((await told()).some(({ email }) => email === order.contact.email)) await Bun.sleep(20)
  expect([...(await told())]).toEqual([{ email: 'erased@erased.invalid' }])
})

test('no shipment is planned when the confirmation comes after the order was redacted', async () => {
  const order = house.newOrder()
  await redact(order.id)
  await heard('order-confirmed', () => house.confirm(order))
  expect(await house.service.sql`select from shipments where order_id = ${order.id}`).toHaveLength(0)
})
