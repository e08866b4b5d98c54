import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { shipmentDispatched } from '@comptoir/contracts/delivery/events'
import { notifications } from '@comptoir/contracts/notifications/procedures'
import {
  orderCancelled,
  orderConfirmed,
  orderDelivered,
  orderPrepared,
  orderReceived,
  orderShipped,
} from '@comptoir/contracts/orders/events'
import { paymentFailed, paymentRefunded } from '@comptoir/contracts/payments/events'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { customerActor, provenActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { eventually, type House, openHouse } from './house.ts'
import { dispatched, newContact, newOrder, orderEvent, paymentEvent, registered } from './samples.ts'

const { expectRefusal, unseen } = refusals(notifications)
let house: House
/** The order that orders knows. */
let known: OrderSnapshot
beforeAll(async () => {
  house = await openHouse({ orders: { getSnapshot: async () => known } })
})
afterAll(() => house.close())

const countHeardBy = async (consumer: string): Promise<number> =>
  (await house.service.sql`select from inbox where consumer = ${consumer}`).length
/** Until a consumer has done so many events. */
const heardBy = (consumer: string, count: number) =>
  eventually(async () => ((await countHeardBy(consumer)) >= count ? true : undefined))

describe('what customers are told', () => {
  test('a new customer is welcomed in their language', async () => {
    const { email } = newContact()
    await house.service.publish(registered(email, 'fr'))
    const [row] = await house.settled(1, email)
    const [mail, ...more] = await house.sandbox.mails(email)
    expect(more).toEqual([])
    expect(mail).toMatchObject({ id: row?.provider_id, to: [email], subject: 'Bienvenue chez Comptoir' })
    expect(mail?.text).toContain('Bonjour Ada,')
  })

  test('an order is told step by step: one e-mail each, and an SMS when it leaves and arrives', async () => {
    const contact = newContact()
    const order = newOrder(contact)
    await house.publishAll(
      orderEvent(orderReceived, order, 1),
      orderEvent(orderConfirmed, order, 2),
      orderEvent(orderPrepared, order, 3),
      dispatched(shipmentDispatched, order),
      orderEvent(orderShipped, order, 4),
      orderEvent(orderDelivered, order, 5),
    )
    await house.settled(7, contact.email, contact.phone)
    const { number } = order
    const subjects = (await house.sandbox.mails(contact.email)).map((mail) => mail.subject)
    expect(subjects.toSorted()).toEqual([
      `Order ${number} confirmed`,
      `Order ${number} delivered`,
      `Order ${number} is on its way`,
      `Order ${number} is packed`,
      `Order ${number} received`,
    ])
    const texts = (await house.sandbox.texts(contact.phone)).map((text) => text.body)
    expect(texts.toSorted()).toEqual([
      `Comptoir: your order ${number} has been delivered.`,
      `Comptoir: your order ${number} is on its way. Tracking number CX123456789GB. https://carrier.example/track/CX123456789GB`,
    ])
  })

  test('somebody without a phone gets e-mail only', async () => {
    const { email } = newContact()
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email }), 5))
    expect((await house.settled(1, email)).map((row) => row.channel)).toEqual(['email'])
  })

  test('a cancellation and a refund are told, and why', async () => {
    const contact = newContact()
    const order = newOrder(contact)
    await house.service.publish(orderEvent(orderCancelled, { ...order, cancelReason: 'payment_timeout' }, 2))
    await house.service.publish(paymentEvent(paymentRefunded, order, { settlesCancelled: true }))
    await house.settled(2, contact.email)
    const told = (await house.sandbox.mails(contact.email)).map((mail) => mail.text).join('\n')
    expect(told).toContain('not paid in time')
    expect(told).toContain('£23.97')
  })

  test('a declined payment is told, unless the order is cancelled anyway or the card was not at fault', async () => {
    const open = newContact()
    const cancelled = newContact()
    const parked = newContact()
    await house.publishAll(
      paymentEvent(paymentFailed, newOrder(cancelled), { settlesCancelled: true }),
      paymentEvent(paymentFailed, newOrder(parked), { failure: 'AMOUNT_MISMATCH' }),
      paymentEvent(paymentFailed, newOrder(open)),
    )
    const [row] = await house.settled(1, open.email)
    expect(row?.template).toBe('payment-failed')
    await heardBy('payment-failed', 3)
    expect(await house.rowsTo(cancelled.email, parked.email)).toEqual([])
  })

  test('a refund of an order that cost nothing is not told', async () => {
    const { email } = newContact()
    const before = await countHeardBy('payment-refunded')
    await house.service.publish(paymentEvent(paymentRefunded, newOrder({ email }), { minor: 0 }))
    await heardBy('payment-refunded', before + 1)
    expect(await house.rowsTo(email)).toEqual([])
  })

  test('a dispatch without a tracking number is put aside for a person', async () => {
    const contact = newContact()
    await house.service.publish(dispatched(shipmentDispatched, newOrder(contact), null))
    const dead = await eventually(async () => {
      const rows = await house.service
        .sql`select reason, payload from dead_letters where consumer = 'order-shipped'`
      return rows.length === 1 ? rows : undefined
    })
    expect(dead[0]?.['reason']).toBe('refused')
    expect(await house.rowsTo(contact.email)).toEqual([])
  })
})

describe('the list of messages', () => {
  test('is read by order, newest first, page by page', async () => {
    const contact = newContact()
    const order = newOrder(contact)
    await house.publishAll(
      orderEvent(orderReceived, order, 1),
      orderEvent(orderConfirmed, order, 2),
      orderEvent(orderPrepared, order, 3),
    )
    await house.settled(3, contact.email)
    const staff = house.service.as(staffActor())
    const first = await staff.listMessages({ orderId: order.id, limit: 2 })
    expect(first.items.every((item) => item.orderId === order.id && item.recipient === contact.email)).toBe(
      true,
    )
    const second = await staff.listMessages({ orderId: order.id, limit: 2, cursor: first.nextCursor ?? '' })
    expect(second.nextCursor).toBeNull()
    const ids = [...first.items, ...second.items].map((item) => item.id)
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(ids.toSorted().toReversed())
    const sent = await staff.listMessages({ orderId: order.id, state: 'sent' })
    expect(sent.items).toHaveLength(3)
    expect((await staff.listMessages({ orderId: order.id, state: 'failed' })).items).toEqual([])
  })

  test('refuses a cursor of another list', async () => {
    await expectRefusal(
      house.service.as(staffActor()).listMessages({ cursor: 'bm9uc2Vuc2U' }),
      'listMessages',
      'CURSOR_INVALID',
    )
  })

  test('is not for customers', async () => {
    await expectRefusal(house.service.as(customerActor()).listMessages({}), 'listMessages', 'FORBIDDEN')
  })
})

describe('the export of messages', () => {
  test('has those about an order of one’s own, and refuses another’s', async () => {
    const contact = newContact()
    const me = provenActor()
    known = { ...newOrder(contact), owner: { kind: 'customer', id: me.id } }
    await house.publishAll(orderEvent(orderReceived, known, 1))
    await house.settled(1, contact.email)
    const { items } = await house.service.as(me).exportMessages({ orderId: known.id })
    expect(items).toMatchObject([{ orderId: known.id, recipient: contact.email, template: 'order-received' }])
    const another = house.service.as(provenActor()).exportMessages({ orderId: known.id })
    await expectRefusal(another, 'exportMessages', 'ORDER_NOT_FOUND')
    expect((await house.service.as(me).exportMessages({})).items).toEqual([])
  })

  test('refuses a cursor of another list', async () => {
    const asked = house.service.as(provenActor()).exportMessages({ cursor: 'bm9uc2Vuc2U' })
    await expectRefusal(asked, 'exportMessages', 'CURSOR_INVALID')
  })
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})
