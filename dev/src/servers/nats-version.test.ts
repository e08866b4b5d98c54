import { expect, test } from 'bun:test'
import { compareVersions, isNatsRecent } from './nats-version.ts'

test('compares by number, not by letter', () => {
  expect(['2.9.10', '2.15.1', '2.10.27'].toSorted(compareVersions)).toEqual(['2.9.10', '2.10.27', '2.15.1'])
})

test('refuses what is older than 2.10', () => {
  expect(isNatsRecent('2.9.25')).toBe(false)
  expect(isNatsRecent('2.10.0')).toBe(true)
})
