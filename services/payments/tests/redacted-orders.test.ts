import { afterAll, beforeAll, expect, test } from 'bun:test'
import { occurred } from '@comptoir/contracts/event'
import { orderReceived, orderRedacted } from '@comptoir/contracts/orders/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { storeDeadLetter } from '@comptoir/service-kit/inbox/dead-letters'
import { envelopeOf } from '@comptoir/service-kit/outbox/envelope'
import { guestActor } from '@comptoir/service-kit/testing/actors'
import { startPayments, until, type PaymentsUnderTest } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterAll(() => it.stopAll())

const redact = async ({ id: orderId }: OrderSnapshot): Promise<void> => {
  const id = crypto.randomUUID()
  const redacted = occurred(orderRedacted, { aggregateId: orderId, version: 2, data: { orderId } })
  await it.publish(redacted, { id })
  await until(async () =>
    (await it.sql`select from inbox where event_id = ${id}`).length > 0 ? true : undefined,
  )
}
const contactsOf = async ({ id }: OrderSnapshot) => {
  const rows = await it.sql`select contact->>'email' as email from payments where order_id = ${id}`
  return rows.map(({ email }) => email)
}

test('a payment forgets whom it was asked of once its order is redacted', async () => {
  const order = it.place(guestActor())
  await it.tell(order)
  await it.opened(order)
  await redact(order)
  expect(await contactsOf(order)).toEqual(['erased@erased.invalid'])
})

test('an order that is redacted before it is heard of gets a payment that says nobody', async () => {
  const order = it.place(guestActor())
  await redact(order)
  await it.tell(order)
  await it.opened(order)
  expect(await contactsOf(order)).toEqual(['erased@erased.invalid'])
})

test('an order that has no payment because it lies among the dead letters is forgotten there', async () => {
  const order = it.place(guestActor())
  const occurrence = occurred(orderReceived, { aggregateId: order.id, version: 1, data: order })
  const envelope = envelopeOf(occurrence, { id: crypto.randomUUID(), time: new Date() })
  await storeDeadLetter(it.context, {
    consumer: 'order-received',
    stream: 'ORDERS',
    streamSequence: 1_000_000,
    subject: orderReceived.subject,
    eventId: envelope.id,
    payload: new TextEncoder().encode(JSON.stringify(envelope)),
    traceparent: undefined,
    reason: 'exhausted',
    error: 'Error',
    deliveries: 24,
  })
  await redact(order)
  const [letter] = await until(async () => {
    const rows = await it.sql<{ text: string }[]>`
      select convert_from(payload, 'UTF8') as text from dead_letters where event_id = ${envelope.id}`
    return rows[0]?.text.includes(order.contact.email) ? undefined : rows
  })
  expect(JSON.parse(letter?.text ?? '')).toMatchObject({
    data: { contact: { email: 'erased@erased.invalid' } },
  })
})
