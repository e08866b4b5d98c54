import { expect, test } from 'bun:test'
import { retryAfterSeconds, throttle } from './throttle.ts'

test('tells to come back when the oldest attempt leaves the window', () => {
  const now = new Date('2026-11-20T10:10:00Z')
  expect(retryAfterSeconds(new Date('2026-11-20T10:00:00Z'), now, throttle)).toBe(300)
  expect(retryAfterSeconds(new Date('2026-11-20T09:55:00.001Z'), now, throttle)).toBe(1)
  expect(retryAfterSeconds(new Date('2026-11-20T09:00:00Z'), now, throttle)).toBe(1)
})
