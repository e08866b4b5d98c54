import { describe, expect, test } from 'bun:test'
import * as deliveryEvents from '@comptoir/contracts/delivery/events'
import * as identityEvents from '@comptoir/contracts/identity/events'
import * as orderEvents from '@comptoir/contracts/orders/events'
import { orderStatuses } from '@comptoir/contracts/orders/model'
import * as paymentEvents from '@comptoir/contracts/payments/events'
import { messages, type Plan } from './messages.ts'
import { recipients } from './recipients.ts'

const table: Readonly<Record<string, Plan | null>> = messages
const events = [identityEvents, orderEvents, paymentEvents, deliveryEvents].flatMap(Object.values)

describe('the table of messages', () => {
  test.each(events.map((event) => event.subject))('decides what %s tells', (subject) => {
    expect(table).toHaveProperty([subject])
  })

  test('knows no event that the contracts do not', () => {
    expect(new Set(Object.keys(table))).toEqual(new Set<string>(events.map((event) => event.subject)))
  })

  test('tells each thing once: no two events share a template', () => {
    const templates = Object.values(table).flatMap((plan) => (plan === null ? [] : [plan.template]))
    expect(new Set(templates).size).toBe(templates.length)
  })

  test.each([...orderStatuses])('has one e-mail for the status %s of an order', (status) => {
    const plans = Object.values(table).filter((plan) => plan?.template === `order-${status}`)
    expect(plans.map((plan) => plan?.channels.filter((channel) => channel === 'email'))).toEqual([['email']])
  })

  test('sends an SMS when the parcel leaves and when it has arrived', () => {
    const texted = Object.entries(table).filter(([, plan]) => plan?.channels.includes('sms'))
    expect(texted.map(([subject]) => subject)).toEqual([
      'orders.order.delivered.v1',
      'delivery.shipment.dispatched.v1',
    ])
  })
})

test('a contact without a phone gets the e-mail only', () => {
  const email = 'ada@example.org'
  expect(recipients(['email', 'sms'], { email })).toEqual([{ channel: 'email', recipient: email }])
  expect(recipients(['email', 'sms'], { email, phone: '+447700900123' })).toEqual([
    { channel: 'email', recipient: email },
    { channel: 'sms', recipient: '+447700900123' },
  ])
})
