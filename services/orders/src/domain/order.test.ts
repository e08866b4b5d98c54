import { describe, expect, test } from 'bun:test'
import { OrderSnapshot, orderStatuses, type OrderStatus } from '@comptoir/contracts/orders/model'
import { sampleOrder } from '../../tests/sample-order.ts'
import { attentions } from './attention.ts'
import {
  type By,
  type Change,
  cancel,
  confirm,
  deliver,
  IllegalMove,
  isOver,
  type OrderState,
  prepare,
  receive,
  ship,
  transitions,
} from './order.ts'

const by: By = { at: '2026-11-01T11:00:00.000Z', actor: 'staff', eventId: 'e1' }

const commands: Record<string, { to: OrderStatus; run: (order: OrderState) => Change }> = {
  confirm: { to: 'confirmed', run: (order) => confirm(order, by) },
  prepare: { to: 'prepared', run: (order) => prepare(order, by) },
  ship: { to: 'shipped', run: (order) => ship(order, by) },
  deliver: { to: 'delivered', run: (order) => deliver(order, by) },
  cancel: { to: 'cancelled', run: (order) => cancel(order, 'staff', by) },
}

// Written out, so that an arrow that is added to the table by mistake is noticed.
const legal = new Set([
  'received confirm',
  'received cancel',
  'confirmed prepare',
  'confirmed cancel',
  'prepared ship',
  'prepared cancel',
  'shipped deliver',
])

describe('every command in every status', () => {
  for (const status of orderStatuses) {
    for (const [name, { to, run }] of Object.entries(commands)) {
      const order = sampleOrder({ status, version: 4 })
      if (legal.has(`${status} ${name}`)) {
        test(`${name} moves ${status} to ${to} with one row and one event`, () => {
          const { next, history, events } = run(order)
          expect(next).toMatchObject({ status: to, version: 5, updatedAt: by.at })
          expect(history).toEqual([
            {
              kind: 'order',
              status: to,
              actor: 'staff',
              reason: name === 'cancel' ? 'staff' : null,
              at: by.at,
              eventId: 'e1',
            },
          ])
          expect(events).toHaveLength(1)
          expect(events[0]).toMatchObject({ aggregateId: order.id, version: 5, data: { status: to } })
          expect(events[0]?.event.subject).toBe(`orders.order.${to}.v1`)
        })
      } else {
        test(`${name} refuses ${status} and names both`, () => {
          const refused = expect(() => run(order))
          refused.toThrow(IllegalMove)
          refused.toThrow(`An order cannot go from ${status} to ${to}`)
        })
      }
    }
  }
})

test('a status without an arrow out of it is the end', () => {
  expect(orderStatuses.filter(isOver)).toEqual(['delivered', 'cancelled'])
  expect(Object.keys(transitions)).toEqual([...orderStatuses])
})

test('an event carries the whole snapshot and nothing that is not in it', () => {
  const [event] = receive(sampleOrder(), by).events
  expect(event?.data).toEqual(OrderSnapshot.parse(sampleOrder()))
  expect(event?.version).toBe(1)
})

test('confirming puts the worries of the purchase to rest and no others', () => {
  const worried = (attention: string) => confirm(sampleOrder({ attention }), by).next.attention
  expect(worried(attentions.moneyNotTaken)).toBeNull()
  expect(worried(attentions.leftUnprepared)).toBe(attentions.leftUnprepared)
})
