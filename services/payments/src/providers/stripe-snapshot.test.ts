import { describe, expect, test } from 'bun:test'
import type Stripe from 'stripe'
import { eventIdOf } from '../domain/movement.ts'
import { snapshotOf } from './stripe-snapshot.ts'

const charge = (given: object = {}) => ({
  id: 'ch_1',
  object: 'charge',
  status: 'succeeded',
  amount: 2_500,
  amount_captured: 0,
  amount_refunded: 0,
  captured: false,
  created: 1_767_607_200,
  refunds: { data: [] },
  ...given,
})

// The SDK's type has a hundred members; a snapshot reads these.
const intent = (given: object = {}): Stripe.PaymentIntent => {
  const read: Partial<Stripe.PaymentIntent> = {
    id: 'pi_1',
    amount: 2_500,
    amount_received: 0,
    currency: 'gbp',
    status: 'requires_payment_method',
    created: 1_767_607_200,
    canceled_at: null,
    cancellation_reason: null,
    last_payment_error: null,
    latest_charge: null,
    client_secret: 'pi_1_secret_x',
    metadata: { paymentId: 'payment-1' },
  }
  return { ...read, ...given } as Stripe.PaymentIntent
}

const facts = (given: object) => snapshotOf(intent(given)).movements.map(eventIdOf)

describe('an intent shows', () => {
  const refund = (status: string) => ({
    id: 're_1',
    status,
    amount: 900,
    created: 1,
    metadata: { operation: 'p:refund:1' },
  })
  const taken = { captured: true, amount_captured: 2_500 }

  test.each<[string, object, string[]]>([
    ['nothing while it is unpaid', {}, []],
    ['nothing while the customer is asked', { status: 'requires_action' }, []],
    ['a hold', { status: 'requires_capture', latest_charge: charge() }, ['pi_1:authorized']],
    [
      'a capture',
      { status: 'succeeded', latest_charge: charge(taken) },
      ['pi_1:authorized', 'ch_1:captured'],
    ],
    [
      'a hold that was let go, and no refund of what was never taken',
      { status: 'canceled', latest_charge: charge({ amount_refunded: 2_500, refunded: true }) },
      ['pi_1:authorized', 'pi_1:voided'],
    ],
    ['an end without payment', { status: 'canceled' }, ['pi_1:voided']],
    [
      'a decline',
      {
        latest_charge: charge({ status: 'failed' }),
        last_payment_error: { charge: 'ch_1', code: 'card_declined' },
      },
      ['ch_1:declined'],
    ],
    [
      'a decline without a charge',
      { last_payment_error: { code: 'payment_intent_authentication_failure' } },
      ['pi_1/payment_intent_authentication_failure:declined'],
    ],
    [
      'a refund on its way',
      { status: 'succeeded', latest_charge: charge({ ...taken, refunds: { data: [refund('pending')] } }) },
      ['pi_1:authorized', 'ch_1:captured', 're_1:refunding'],
    ],
    [
      'a refund that came back',
      { status: 'succeeded', latest_charge: charge({ ...taken, refunds: { data: [refund('failed')] } }) },
      ['pi_1:authorized', 'ch_1:captured', 're_1:refund_failed'],
    ],
  ])('%s', (_name, given, expected) => {
    expect(facts(given)).toEqual(expected)
  })

  test('a refund with the operation that asked for it', () => {
    const refunded = charge({ ...taken, refunds: { data: [refund('succeeded')] } })
    const { movements } = snapshotOf(intent({ status: 'succeeded', latest_charge: refunded }))
    expect(movements.at(-1)).toMatchObject({ operation: 'p:refund:1', amountMinor: 900 })
  })

  test('its currency as we write it, our payment, and no secret', () => {
    const snapshot = snapshotOf(intent())
    expect(snapshot).toMatchObject({
      ref: 'pi_1',
      paymentId: 'payment-1',
      currency: 'GBP',
      amountMinor: 2_500,
    })
    expect(JSON.stringify(snapshot)).not.toContain('secret')
  })

  test('nothing when it came without its charge, because that would hide money', () => {
    expect(() => snapshotOf(intent({ latest_charge: 'ch_1' }))).toThrow('without its charge')
  })
})
