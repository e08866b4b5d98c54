import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Occurrence, occurred } from '@comptoir/contracts/event'
import { orderDelivered, orderReceived, orderRedacted } from '@comptoir/contracts/orders/events'
import { envelopeOf } from '@comptoir/service-kit/outbox/envelope'
import { eventually, type House, openHouse } from './house.ts'
import { newContact, newOrder, orderEvent } from './samples.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const redacted = (orderId: ReturnType<typeof newOrder>['id']) =>
  occurred(orderRedacted, { aggregateId: orderId, version: 5, data: { orderId } })

const countHeardBy = async (consumer: string): Promise<number> =>
  (await house.service.sql`select from inbox where consumer = ${consumer}`).length
/** Publishes an event and waits until its consumer has done it. */
const tell = async (occurrence: Occurrence, consumer: string): Promise<void> => {
  const before = await countHeardBy(consumer)
  await house.service.publish(occurrence)
  await eventually(async () => ((await countHeardBy(consumer)) > before ? true : undefined))
}

test('a message that was sent loses its recipient once its order is redacted', async () => {
  const contact = newContact()
  const order = newOrder(contact)
  await house.service.publish(orderEvent(orderReceived, order, 1))
  await house.settled(1, contact.email)
  await house.service.publish(redacted(order.id))
  const kept = await eventually(async () => {
    const rows = await house.service.sql`select recipient, state from messages where order_id = ${order.id}`
    return rows[0]?.['recipient'] === contact.email ? undefined : [...rows]
  })
  expect(kept).toEqual([{ recipient: 'erased@erased.invalid', state: 'sent' }])
})

test('an event that comes after its order was redacted tells nobody and leaves nothing', async () => {
  const contact = newContact()
  const order = newOrder(contact)
  await tell(redacted(order.id), 'order-redacted')
  await tell(orderEvent(orderDelivered, order, 5), 'order-delivered')
  expect(await house.rowsTo(contact.email, contact.phone)).toEqual([])
})

const insertDeadLetter = async (payload: Uint8Array, sequence: number): Promise<string> => {
  const id = crypto.randomUUID()
  await house.service.sql`insert into dead_letters
    (id, consumer, stream, stream_sequence, subject, payload, reason, error, deliveries)
    values (${id}, 'order-received', 'ORDERS', ${sequence}, 'orders.order.received.v1', ${payload}, 'exhausted', 'x', 9)`
  return id
}
const deadLetter = async (id: string) => {
  const [row] = await house.service.sql<{ text: string; resolution: string | null }[]>`
    select convert_from(payload, 'UTF8') as text, resolution from dead_letters where id = ${id}`
  if (row === undefined) throw new Error('The dead letter is gone')
  return row
}
const bytesOf = (occurrence: Occurrence) =>
  new TextEncoder().encode(
    JSON.stringify(
      envelopeOf(
        { ...occurrence, data: occurrence.data },
        { id: crypto.randomUUID(), time: new Date('2026-11-20T10:00:00.000Z') },
      ),
    ),
  )

test('a dead letter about a redacted order can still be redriven, and says no more whose it was', async () => {
  const order = newOrder(newContact())
  const other = newOrder(newContact())
  const letter = await insertDeadLetter(bytesOf(orderEvent(orderReceived, order, 1)), 1)
  const foreign = await insertDeadLetter(bytesOf(orderEvent(orderReceived, other, 1)), 2)
  const broken = await insertDeadLetter(
    new TextEncoder().encode(`{"id":"${order.id}","to":"${order.contact.email}`),
    3,
  )
  await tell(redacted(order.id), 'order-redacted')
  await eventually(async () =>
    (await deadLetter(letter)).text.includes(order.contact.email) ? undefined : true,
  )
  const { data } = JSON.parse((await deadLetter(letter)).text) as { data: unknown }
  expect(orderReceived.data.parse(data)).toMatchObject({ id: order.id, totals: order.totals })
  expect(await deadLetter(broken)).toEqual({ text: '', resolution: 'discarded' })
  expect((await deadLetter(foreign)).text).toContain(other.contact.email)
})
