import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { occurred } from '@comptoir/contracts/event'
import { emailVerified, userErased } from '@comptoir/contracts/identity/events'
import type { OrderId, UserId } from '@comptoir/contracts/ids'
import { orderConfirmed, orderLinked } from '@comptoir/contracts/orders/events'
import { customerActor, guestActor } from '@comptoir/service-kit/testing/actors'
import { paymentNews } from './heard-events.ts'
import { codeOf, newKey, startOrders } from './orders-under-test.ts'
import { sampleCart } from './sample-cart.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders()
})
afterAll(() => world.service.stop())

const newAddress = () => `ada.${crypto.randomUUID()}@example.com`
const place = (actor: Actor, email: string) => {
  world.shop.cart = sampleCart({ contact: { email } })
  return world.service.as(actor).placeOrder({}, { idempotencyKey: newKey() })
}
const userIdOf = (actor: Actor) => actor.id as UserId
const sees = (actor: Actor, orderId: OrderId) => codeOf(world.service.as(actor).getOrder({ orderId }))
const linked = (orderId: OrderId) =>
  world.service.probe.next(orderLinked, (event) => event.data.orderId === orderId)
/** Publishes an event of a user and resolves once it was heard. */
const tell = async (event: Parameters<typeof world.service.publish>[0]) => {
  const id = crypto.randomUUID()
  await world.service.publish(event, { id })
  await holds(() => world.service.sql`select from inbox where event_id = ${id}`)
}
const holds = async (rows: () => PromiseLike<readonly unknown[]>): Promise<void> => {
  for (const end = performance.now() + 10_000; performance.now() < end; await Bun.sleep(20)) {
    if ((await rows()).length > 0) return
  }
  throw new Error('It did not come true in 10 s')
}
const verify = async (actor: Actor, email: string): Promise<void> => {
  const userId = userIdOf(actor)
  await tell(occurred(emailVerified, { aggregateId: userId, version: 3, data: { userId, email } }))
  await holds(
    () => world.service.sql`select where not exists (select from proved_addresses where user_id = ${userId})`,
  )
}

test('goes, with its past and its future, to the account that has proved its address in whatever case', async () => {
  const [guest, customer, email] = [guestActor(), customerActor(), newAddress()]
  const order = await place(guest, email)
  await verify(customer, email.toUpperCase())
  const told = await linked(order.id)
  expect(told).toMatchObject({
    version: 1,
    data: { orderId: order.id, ownerId: customer.id, status: 'received' },
  })
  expect(await sees(customer, order.id)).toBe('no error')
  expect(await sees(guest, order.id)).toBe('ORDER_NOT_FOUND')
  expect(await world.story(order.id)).toEqual(['order received', 'order linked'])
  await world.service.publish(paymentNews(order, 'captured'))
  const confirmed = await world.service.probe.next(orderConfirmed, ({ data }) => data.id === order.id)
  expect(confirmed.data.owner).toEqual({ kind: 'customer', id: customer.id })
})

test('stays where it is when it names another address, is another customer’s, or is placed afterwards', async () => {
  const [guest, other, customer, email] = [guestActor(), customerActor(), customerActor(), newAddress()]
  const elsewhere = await place(guest, newAddress())
  const theirs = await place(other, email)
  await verify(customer, email)
  const later = await place(guest, email)
  for (const { id } of [elsewhere, theirs, later]) expect(await sees(customer, id)).toBe('ORDER_NOT_FOUND')
  expect(await sees(guest, elsewhere.id)).toBe('no error')
  expect(await sees(other, theirs.id)).toBe('no error')
  expect(await sees(guest, later.id)).toBe('no error')
})

test('is linked and told once, however often the address is proved, and never to a second account', async () => {
  const [customer, second, email] = [customerActor(), customerActor(), newAddress()]
  const order = await place(guestActor(), email)
  for (const actor of [customer, customer, second]) await verify(actor, email)
  expect(await sees(customer, order.id)).toBe('no error')
  expect(await world.story(order.id)).toEqual(['order received', 'order linked'])
  const told = await world.service.sql`
    select from outbox where subject = 'orders.order.linked.v1' and aggregate_id = ${order.id}`
  expect(told).toHaveLength(1)
})

test('are all linked, also where they are more than one transaction takes', async () => {
  const [guest, customer, email] = [guestActor(), customerActor(), newAddress()]
  const placed = []
  for (let count = 0; count < 51; count += 1) placed.push(await place(guest, email))
  await verify(customer, email)
  const rows = await world.service.sql`select from orders where owner_id = ${customer.id}`
  expect(rows).toHaveLength(placed.length)
})

test('that cannot be linked keep none of somebody else waiting, and are tried again', async () => {
  const [first = customerActor(), second = first] = [customerActor(), customerActor()].toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )
  const [email, other] = [newAddress(), newAddress()]
  const stuck = await place(guestActor(), email)
  const order = await place(guestActor(), other)
  await world.service.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refusing before update on orders for each row when (new.id = '${stuck.id}')
      execute function refuse()`)
  const userId = userIdOf(first)
  await tell(occurred(emailVerified, { aggregateId: userId, version: 3, data: { userId, email } }))
  await verify(second, other)
  expect(await sees(second, order.id)).toBe('no error')
  await world.service.sql`drop function refuse() cascade`
  await holds(() => world.service.sql`select from orders where id = ${stuck.id} and owner_id = ${userId}`)
})

test('is not linked to an account that was erased before, which leaves no address behind', async () => {
  const [guest, customer, email] = [guestActor(), customerActor(), newAddress()]
  const order = await place(guest, email)
  const userId = userIdOf(customer)
  await tell(occurred(userErased, { aggregateId: userId, version: 4, data: { userId } }))
  await verify(customer, email)
  expect(await sees(guest, order.id)).toBe('no error')
  expect(await world.story(order.id)).toEqual(['order received'])
})

test('is forgotten with the account that it was linked to', async () => {
  const [customer, email] = [customerActor(), newAddress()]
  const order = await place(guestActor(), email)
  await verify(customer, email)
  const userId = userIdOf(customer)
  await tell(occurred(userErased, { aggregateId: userId, version: 4, data: { userId } }))
  await holds(() => world.service.sql`select from orders where id = ${order.id} and erasure = 'due'`)
})

test('is found by an index, not by reading every order', async () => {
  const plan = await world.service.sql.begin(async (sql) => {
    await sql`set local enable_seqscan = off`
    return sql`explain select id from orders where owner_kind = 'guest' and lower(contact->>'email') = lower('a@b.c')`
  })
  expect(JSON.stringify(plan)).toContain('orders_guest_email')
})
