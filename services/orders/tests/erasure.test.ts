import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Actor } from '@comptoir/contracts/access'
import { occurred, type Occurrence } from '@comptoir/contracts/event'
import { userErased } from '@comptoir/contracts/identity/events'
import type { UserId } from '@comptoir/contracts/ids'
import type { Order } from '@comptoir/contracts/orders/model'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { redactOrders } from '../src/workers/redact-orders.ts'
import { paymentNews, shipmentNews } from './heard-events.ts'
import { newKey, startOrders } from './orders-under-test.ts'

let world: Awaited<ReturnType<typeof startOrders>>
beforeAll(async () => {
  world = await startOrders()
})
afterAll(() => world.service.stop())

const redact = async () => redactOrders.run(world.service.context, new AbortController().signal)
/** Publishes an event and resolves once it was heard. */
const tell = async (event: Occurrence): Promise<void> => {
  const id = crypto.randomUUID()
  await world.service.publish(event, { id })
  while ((await world.service.sql`select from inbox where event_id = ${id}`).length === 0) await Bun.sleep(20)
}
const erase = async ({ id }: Actor): Promise<void> => {
  const userId = id as UserId
  await tell(occurred(userErased, { aggregateId: userId, version: 4, data: { userId } }))
}
const cancelled = async (customer: Actor): Promise<Order> => {
  const { order } = await world.place(customer)
  await world.service.as(customer).cancelOrder({ orderId: order.id }, { idempotencyKey: newKey() })
  return order
}
const places = ['orders', 'idempotency_keys', 'outbox'] as const
/** Where the address of an order’s customer still is. */
const contactIn = async (order: Order): Promise<string[]> => {
  const found = await Promise.all(
    places.map(async (table) => {
      const rows = await world.service.sql`
        select from ${world.service.sql(table)} as row
        where row::text like ${`%${order.id}%`} and row::text like ${`%${order.address.line1}%`}`
      return rows.length === 0 ? [] : [table]
    }),
  )
  return found.flat()
}
const forgotten = async (order: Order): Promise<void> => {
  while ((await contactIn(order)).length > 0) await Bun.sleep(20)
}

test('a cancelled order keeps its contact until payments has let go of its money', async () => {
  const customer = customerActor()
  const order = await cancelled(customer)
  await erase(customer)
  await redact()
  expect(await contactIn(order)).toEqual([...places])
  await tell(paymentNews(order, 'cancelled'))
  await redact()
  await forgotten(order)
})

test('a parcel that is lost keeps its contact until the money is back', async () => {
  const customer = customerActor()
  const { order } = await world.place(customer)
  await tell(paymentNews(order, 'captured'))
  await world.until(order.id, 'order confirmed')
  await world.service.sql`update orders set status = 'prepared' where id = ${order.id}`
  await tell(shipmentNews(order, 'failed'))
  await erase(customer)
  await redact()
  expect(await contactIn(order)).toContain('orders')
  await tell(paymentNews(order, 'refunded'))
  await redact()
  await forgotten(order)
})

test('an order that cannot be redacted keeps none behind it waiting, and is tried again', async () => {
  const customer = customerActor()
  const first = await cancelled(customer)
  const second = await cancelled(customer)
  for (const order of [first, second]) await tell(paymentNews(order, 'cancelled'))
  const { sql } = world.service
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refusing before update on orders for each row
      when (new.id = '${first.id}' and new.erasure = 'done') execute function refuse()`)
  await erase(customer)
  await redact().catch(() => undefined)
  await forgotten(second)
  expect(await contactIn(first)).toContain('orders')
  await sql`drop trigger refusing on orders`
  await redact()
  await forgotten(first)
})

test('answers about an order are found by an index, not by reading every answer', async () => {
  const plan = await world.service.sql.begin(async (sql) => {
    await sql`set local enable_seqscan = off`
    return sql`explain select from idempotency_keys where answer is not null and answer->>'id' = 'an order'`
  })
  expect(JSON.stringify(plan)).toContain('idempotency_keys_answer')
})
