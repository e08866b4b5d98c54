import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Occurrence, occurred } from '@comptoir/contracts/event'
import {
  emailChangeAnnounced,
  passwordChanged,
  userErased,
  userRegistered,
} from '@comptoir/contracts/identity/events'
import { UserId } from '@comptoir/contracts/ids'
import { orderDelivered, orderReceived, orderRedacted } from '@comptoir/contracts/orders/events'
import { paymentRefunded } from '@comptoir/contracts/payments/events'
import { envelopeOf } from '@comptoir/service-kit/outbox/envelope'
import { eventually, type House, openHouse } from './house.ts'
import { newContact, newOrder, orderEvent, paymentEvent } from './samples.ts'

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

test('a refund that is heard of after its order was redacted is still announced, and its recipient forgotten then', async () => {
  const contact = newContact()
  const order = newOrder(contact)
  await tell(redacted(order.id), 'order-redacted')
  await house.service
    .sql`update erased_subjects set erased_at = now() - interval '4 days' where id = ${order.id}`
  await tell(paymentEvent(paymentRefunded, order), 'payment-refunded')
  await eventually(async () => ((await house.sandbox.mails(contact.email)).length === 1 ? true : undefined))
  await eventually(async () => ((await house.rowsTo(contact.email)).length === 0 ? true : undefined))
})

test('an event that was redacted itself tells nobody', async () => {
  const order = newOrder({ email: 'erased@erased.invalid' })
  await tell(orderEvent(orderDelivered, order, 5), 'order-delivered')
  expect(await house.service.sql`select from messages where order_id = ${order.id}`).toHaveLength(0)
})

const newHolder = () => {
  const { email } = newContact()
  const userId = UserId.parse(crypto.randomUUID())
  const about = (version: number) => ({
    aggregateId: userId,
    version,
    data: { userId, email, name: 'Ada', locale: 'en' as const },
  })
  return {
    email,
    userId,
    about,
    erased: occurred(userErased, { aggregateId: userId, version: 9, data: { userId } }),
  }
}
test('warnings that wait reach whoever may have lost the account, also when it is deleted; other letters go with it', async () => {
  const { email, userId, erased } = newHolder()
  await house.service.sql`
    insert into messages (id, event_id, channel, recipient, template, locale, payload, user_id, run_at, created_at)
    select gen_random_uuid(), gen_random_uuid(), 'email', ${email}, template, 'en',
      jsonb_build_object('template', template, 'name', 'Ada'), ${userId}, now() + interval '1 hour', now()
    from unnest(array['welcome', 'password-changed', 'email-change-announced']) template`
  await tell(erased, 'user-erased')
  await house.service.sql`update messages set run_at = now() where user_id = ${userId} and run_at is not null`
  await eventually(async () => ((await house.rowsTo(email)).length === 0 ? true : undefined))
  expect(await house.sandbox.mails(email)).toHaveLength(2)
})

test('what was sent loses the names of providers and keys too, also among the dead letters', async () => {
  const { email, userId, about, erased } = newHolder()
  const { data, ...rest } = about(2)
  const machines = ['Ada’s laptop']
  const changed = occurred(passwordChanged, { ...rest, data: { ...data, providers: ['Google'], machines } })
  await tell(changed, 'password-changed')
  await house.settled(1, email)
  const letter = await insertDeadLetter(bytesOf(changed), 'password-changed')
  await tell(erased, 'user-erased')
  await eventually(async () => ((await house.rowsTo(email)).length === 0 ? true : undefined))
  const [kept] = await house.service.sql`select payload from messages where user_id = ${userId}`
  const nobody = { name: '', providers: [], machines: [] }
  expect(kept?.['payload']).toEqual({ template: 'password-changed', ...nobody })
  const text = await eventually(async () => {
    const now = await deadLetter(letter)
    return now.text.includes(email) ? undefined : now.text
  })
  expect(JSON.parse(text)).toMatchObject({ data: nobody })
})

test('warnings that are heard of after the account was deleted go out too, and nothing else does', async () => {
  const { email, about, erased } = newHolder()
  await tell(erased, 'user-erased')
  await tell(occurred(passwordChanged, about(2)), 'password-changed')
  await tell(occurred(emailChangeAnnounced, about(1)), 'email-change-announced')
  await tell(occurred(userRegistered, { ...about(1), data: { ...about(1).data, phone: null } }), 'welcome')
  await eventually(async () => ((await house.sandbox.mails(email)).length === 2 ? true : undefined))
  await eventually(async () => ((await house.rowsTo(email)).length === 0 ? true : undefined))
})

let sequence = 0
const insertDeadLetter = async (payload: Uint8Array, consumer = 'order-received'): Promise<string> => {
  const id = crypto.randomUUID()
  sequence += 1
  await house.service.sql`insert into dead_letters
    (id, consumer, stream, stream_sequence, subject, payload, reason, error, deliveries)
    values (${id}, ${consumer}, 'ORDERS', ${sequence}, 'orders.order.received.v1', ${payload}, 'exhausted', 'x', 9)`
  return id
}
const deadLetter = async (id: string) => {
  const [row] = await house.service.sql<
    { text: string; resolution: string | null; redrives: number; error: string }[]
  >`
    select convert_from(payload, 'UTF8') as text, resolution, redrives, error from dead_letters where id = ${id}`
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
  const letter = await insertDeadLetter(bytesOf(orderEvent(orderReceived, order, 1)))
  const foreign = await insertDeadLetter(bytesOf(orderEvent(orderReceived, other, 1)))
  const broken = await insertDeadLetter(
    new TextEncoder().encode(`{"id":"${order.id}","to":"${order.contact.email}`),
  )
  await tell(redacted(order.id), 'order-redacted')
  await eventually(async () =>
    (await deadLetter(letter)).text.includes(order.contact.email) ? undefined : true,
  )
  const { data } = JSON.parse((await deadLetter(letter)).text) as { data: unknown }
  expect(orderReceived.data.parse(data)).toMatchObject({ id: order.id, totals: order.totals })
  expect(await deadLetter(broken)).toMatchObject({ text: '', resolution: null })
  expect((await deadLetter(foreign)).text).toContain(other.contact.email)
})

test('a refund that nobody can be told of any more stays with the operator, also when it is redriven', async () => {
  const order = newOrder(newContact())
  const letter = await insertDeadLetter(bytesOf(paymentEvent(paymentRefunded, order)), 'payment-refunded')
  await tell(redacted(order.id), 'order-redacted')
  await eventually(async () =>
    (await deadLetter(letter)).text.includes(order.contact.email) ? undefined : true,
  )
  await house.service.sql`update dead_letters set redrive_requested_at = now() where id = ${letter}`
  const redriven = await eventually(async () => {
    const now = await deadLetter(letter)
    return now.redrives > 0 ? now : undefined
  })
  expect(redriven).toMatchObject({ resolution: null })
  expect(redriven.error).toContain('whoever is to be told was erased')
  expect(await house.service.sql`select from messages where order_id = ${order.id}`).toHaveLength(0)
})

test('a refund that is told of after its payment was redacted becomes a dead letter', async () => {
  const order = newOrder({ email: 'erased@erased.invalid' })
  await house.service.publish(paymentEvent(paymentRefunded, order))
  const [letter] = await eventually(async () => {
    const rows = await house.service.sql`
      select consumer, reason, resolution from dead_letters
      where position(convert_to(${order.id}, 'UTF8') in payload) > 0`
    return rows.length > 0 ? [...rows] : undefined
  })
  expect(letter).toEqual({ consumer: 'payment-refunded', reason: 'refused', resolution: null })
})
