import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import type { UserId } from '@comptoir/contracts/ids'
import { orderLinked } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { onOrderLinked } from '../src/consumers/order-linked.ts'
import { startPayments, until, type PaymentsUnderTest } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterAll(() => it.stopAll())

const link = ({ id: orderId }: OrderSnapshot, { id }: Actor): Promise<void> => {
  const data = { orderId, ownerId: id as UserId, status: 'received' as const }
  return it.publish(occurred(orderLinked, { aggregateId: orderId, version: 1, data }))
}
const becomesOf = (order: OrderSnapshot, actor: Actor) =>
  until(() =>
    it
      .as(actor)
      .getPayment({ orderId: order.id })
      .catch(() => undefined),
  )
const refusalOf = (order: OrderSnapshot, actor: Actor): Promise<unknown> =>
  it
    .as(actor)
    .getPayment({ orderId: order.id })
    .catch((error) => error.code)

test('the payment of a linked order is the account’s, and the guest’s no more', async () => {
  const [guest, customer] = [guestActor(), customerActor()]
  const order = it.place(guest)
  await it.tell(order)
  await it.opened(order)
  expect(await refusalOf(order, customer)).toBe('PAYMENT_NOT_FOUND')
  await link(order, customer)
  await becomesOf(order, customer)
  expect(await refusalOf(order, guest)).toBe('PAYMENT_NOT_FOUND')
  const [row] = await it.sql`select owner_kind, owner_id from payments where order_id = ${order.id}`
  expect(row).toEqual({ owner_kind: 'customer', owner_id: customer.id })
})

/** Has the link heard without the inbox before it, so that the test need not wait for the second delivery. */
const hear = ({ id: orderId }: OrderSnapshot, { id }: Actor): Promise<void> => {
  const data = { orderId, ownerId: id as UserId, status: 'received' as const }
  const about = { id: crypto.randomUUID(), type: orderLinked.subject, time: new Date().toISOString() }
  const event = { ...about, aggregateId: orderId, version: 1, data }
  return it.context.transaction((tx) => onOrderLinked({ ctx: it.context, tx, event }))
}

test('a link that is heard before the order has to come again, and is not lost', async () => {
  const [guest, customer] = [guestActor(), customerActor()]
  const order = it.place(guest)
  await expect(hear(order, customer)).rejects.toThrow('no payment yet')
  await it.tell(order)
  await it.opened(order)
  await hear(order, customer)
  expect(await refusalOf(order, guest)).toBe('PAYMENT_NOT_FOUND')
  await becomesOf(order, customer)
})
