import { expect, test } from 'bun:test'
import { samplePayment } from '../../tests/sample-payment.ts'
import { attemptAfterMs, isStillWanted, operationKeyOf, retryAfterMs } from './operation.ts'

test('a key names the payment, the operation and the attempt', () => {
  expect(operationKeyOf('p', 'capture', 2)).toBe('p:capture:2')
})

test('waits longer after each try, and never longer than a minute', () => {
  const waits = [0, 1, 2, 3, 50].map(retryAfterMs)
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 60_000])
})

test('makes the first attempt at once, the next ones ever later, and one an hour at least', () => {
  expect([1, 2, 3, 4, 99].map(attemptAfterMs)).toEqual([0, 1_000, 2_000, 4_000, 3_600_000])
})

test('goes on by itself only where authorised money waits for a live order', () => {
  expect(isStillWanted('capture', samplePayment({ status: 'authorized' }))).toBe(true)
  expect(isStillWanted('capture', samplePayment({ status: 'authorized', orderCancelled: true }))).toBe(false)
  expect(isStillWanted('capture', samplePayment({ status: 'captured' }))).toBe(false)
  expect(isStillWanted('create', samplePayment({ status: 'open' }))).toBe(false)
})
