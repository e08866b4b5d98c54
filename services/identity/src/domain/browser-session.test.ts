import { expect, test } from 'bun:test'
import { expiryOf } from './browser-session.ts'

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 0, 1 + day, hour))

test.each([
  ['a guest is forgotten after 14 days of silence', 'guest', at(2), at(16)],
  ['a customer is signed out after 14 days of silence', 'customer', at(2), at(16)],
  ['staff are signed out after 12 hours of silence', 'staff', at(2), at(2, 12)],
  ['an administrator too', 'admin', at(2), at(2, 12)],
  ['nobody stays for more than 30 days, however often they come', 'customer', at(29), at(30)],
  ['nor do staff', 'staff', at(29, 20), at(30)],
] as const)('%s', (_what, kind, seenAt, end) => {
  expect(expiryOf({ createdAt: at(0), seenAt }, kind)).toEqual(end)
})
