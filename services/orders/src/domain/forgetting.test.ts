import { describe, expect, test } from 'bun:test'
import { DeliveryState, orderStatuses, PaymentState } from '@comptoir/contracts/orders/model'
import { sampleOrder } from '../../tests/sample-order.ts'
import { attentions } from './attention.ts'
import { type Ending, isForgettable } from './forgetting.ts'

const ending = (different: Partial<Ending> = {}): Ending => ({
  ...sampleOrder({ status: 'cancelled' }),
  quietDays: 0,
  ...different,
})

describe('whom a cancelled order went to', () => {
  const cases: [string, Partial<Ending>, boolean][] = [
    ['stays while payments has said nothing of it', {}, false],
    ['stays while a declined customer may be trying again', { paymentStatus: 'failed' }, false],
    ['stays while money is held', { paymentStatus: 'authorized', quietDays: 99 }, false],
    ['stays while money was taken', { paymentStatus: 'paid', quietDays: 99 }, false],
    ['stays while only a part is back', { paymentStatus: 'partially_refunded', quietDays: 99 }, false],
    ['goes once payments has let go of the money', { moneyReturned: true }, true],
    ['goes once a decline is the last word', { paymentStatus: 'failed', moneyReturned: true }, true],
    ['goes once the money is back', { paymentStatus: 'refunded' }, true],
    ['stays for a month if the last word was lost', { quietDays: 29 }, false],
    ['goes after a month without a word', { quietDays: 30 }, true],
    [
      'stays while nobody understands the money',
      { paymentStatus: 'failed', attention: attentions.amountMismatch, quietDays: 99 },
      false,
    ],
    [
      'goes when money that nobody understood is back',
      { paymentStatus: 'failed', attention: attentions.amountMismatch, moneyReturned: true },
      true,
    ],
  ]
  test.each(cases)('%s', (_name, different, expected) => {
    expect(isForgettable(ending(different))).toBe(expected)
  })
})

describe('whom a delivered order went to', () => {
  const cases: [string, Partial<Ending>, boolean][] = [
    ['goes, for it is paid', { paymentStatus: 'paid' }, true],
    ['goes when a part was given back', { paymentStatus: 'partially_refunded' }, true],
    ['goes when all was given back', { paymentStatus: 'refunded' }, true],
    [
      'stays while nobody understands the money',
      { paymentStatus: 'paid', attention: attentions.amountMismatch },
      false,
    ],
  ]
  test.each(cases)('%s', (_name, different, expected) => {
    expect(isForgettable(ending({ status: 'delivered', ...different }))).toBe(expected)
  })
})

describe('whom a lost parcel went to', () => {
  const lost = { status: 'shipped', deliveryStatus: 'failed', attention: attentions.deliveryFailed } as const
  test('goes once its money is back', () => {
    expect(isForgettable(ending({ ...lost, paymentStatus: 'refunded' }))).toBe(true)
  })
  test('stays until then', () => {
    for (const paymentStatus of ['paid', 'partially_refunded'] as const)
      expect(isForgettable(ending({ ...lost, paymentStatus, quietDays: 99 }))).toBe(false)
  })
})

test('whom an order went to that is on its way is kept, whatever its money does', () => {
  for (const status of orderStatuses.filter((one) => one !== 'delivered' && one !== 'cancelled'))
    for (const paymentStatus of PaymentState.options)
      for (const deliveryStatus of DeliveryState.options.filter((one) => one !== 'failed'))
        expect(
          isForgettable(
            ending({ status, paymentStatus, deliveryStatus, moneyReturned: true, quietDays: 99 }),
          ),
        ).toBe(false)
})
