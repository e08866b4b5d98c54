import { expect, test } from 'bun:test'
import type Stripe from 'stripe'
import { hintOf } from './stripe-hint.ts'

// The SDK types each kind of event apart; a hint reads any.
const event = (object: object): Stripe.Event =>
  ({ id: 'evt_1', type: 'charge.succeeded', created: 1, data: { object } }) as Stripe.Event

test.each([
  [{ object: 'payment_intent', id: 'pi_1' }, 'pi_1'],
  [{ object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }, 'pi_1'],
  [{ object: 'refund', id: 're_1', payment_intent: { id: 'pi_1' } }, 'pi_1'],
  [{ object: 'refund', id: 're_1', payment_intent: null }, null],
  [{ object: 'balance' }, null],
])('%o is about the intent %s', (object, ref) => {
  expect(hintOf(event(object)).ref).toBe(ref)
})

test('keeps ids and states, and no card, name or secret', () => {
  const hint = hintOf(
    event({
      object: 'charge',
      id: 'ch_1',
      status: 'succeeded',
      client_secret: 'pi_1_secret_x',
      billing_details: { name: 'Ada Lovelace', email: 'ada@example.com' },
      payment_method_details: { card: { last4: '4242' } },
    }),
  )
  expect(hint.raw).toEqual({
    id: 'evt_1',
    type: 'charge.succeeded',
    created: 1,
    object: { object: 'charge', id: 'ch_1', status: 'succeeded' },
  })
})
