import { describe, expect, test } from 'bun:test'
import { movement } from '../../tests/sample-payment.ts'
import { fold } from './fold.ts'
import { canStillMove, giveBackOf } from './give-back.ts'
import type { Movement } from './movement.ts'

const authorized = movement('pi_1', 'authorization')
const captured = movement('ch_1', 'capture')
const refund = (outcome: Movement['outcome'], amountMinor: number, object = 're_1') =>
  movement(object, 'refund', { outcome, amountMinor })
const closed = movement('payment', 'void')

const cancelledOrder = { orderCancelled: true, providerRef: 'pi_1' }

describe('money of a cancelled order is given back', () => {
  const cases: [string, Movement[], object | null][] = [
    ['an unpaid intent is cancelled', [], { name: 'cancel' }],
    ['an intent that came after the close is cancelled', [closed], { name: 'cancel' }],
    ['a hold is let go', [authorized], { name: 'cancel' }],
    ['a capture is refunded', [authorized, captured], { name: 'refund', amountMinor: 2_500 }],
    [
      'only the rest is refunded',
      [authorized, captured, refund('succeeded', 900)],
      { name: 'refund', amountMinor: 1_600 },
    ],
    ['a refund on its way is not made twice', [authorized, captured, refund('requested', 2_500)], null],
    [
      'a refund that came back is made again',
      [authorized, captured, refund('succeeded', 2_500), refund('failed', 2_500)],
      { name: 'refund', amountMinor: 2_500 },
    ],
    ['nothing is left to do after a refund', [authorized, captured, refund('succeeded', 2_500)], null],
    ['nothing is left to do after a void', [authorized, movement('pi_1', 'void')], null],
  ]
  test.each(cases)('%s', (_name, log, expected) => {
    expect(giveBackOf(cancelledOrder, fold(log, 'pi_1'))).toEqual(expected as never)
  })

  test('without an intent there is nothing to give back', () => {
    expect(giveBackOf({ orderCancelled: true, providerRef: null }, fold([closed], null))).toBeNull()
  })

  test('a live order keeps its money', () => {
    expect(
      giveBackOf({ orderCancelled: false, providerRef: 'pi_1' }, fold([authorized, captured], 'pi_1')),
    ).toBeNull()
  })
})

describe('a payment is asked about while its money can move', () => {
  const live = { orderCancelled: false, providerRef: 'pi_1' }
  test.each<[string, Movement[], boolean]>([
    ['unpaid', [], true],
    ['authorized', [authorized], true],
    ['captured', [authorized, captured], false],
    ['voided', [movement('pi_1', 'void')], false],
    ['refund on its way', [captured, refund('requested', 900)], true],
    ['refunded', [captured, refund('succeeded', 2_500)], false],
  ])('%s', (_name, log, expected) => {
    expect(canStillMove(live, fold(log, 'pi_1'))).toBe(expected)
  })

  test('captured money of a cancelled order', () => {
    expect(canStillMove(cancelledOrder, fold([captured], 'pi_1'))).toBe(true)
  })
})
