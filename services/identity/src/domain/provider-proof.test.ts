import { expect, test } from 'bun:test'
import { provedAtOf } from './provider-proof.ts'

const at = (time: string) => new Date(`2026-11-20T${time}Z`)
const proved = (authenticatedAt: Date | undefined) =>
  provedAtOf(authenticatedAt, { askedAt: at('10:00:00'), now: at('10:05:00') })

test('a sign-in since the question proves who somebody is, from when it was on', () => {
  expect(proved(at('10:02:00'))).toEqual(at('10:02:00'))
  expect(proved(at('10:05:00'))).toEqual(at('10:05:00'))
})

test('a sign-in from before, or one that nobody tells the time of, proves nothing', () => {
  expect(proved(undefined)).toBeUndefined()
  expect(proved(at('09:58:59'))).toBeUndefined()
  expect(proved(new Date(Number.NaN))).toBeUndefined()
})

test('clocks may differ by a minute, and a proof is never of the future', () => {
  expect(proved(at('09:59:00'))).toEqual(at('09:59:00'))
  expect(proved(at('10:06:00'))).toEqual(at('10:05:00'))
})
