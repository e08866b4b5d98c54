import { expect, test } from 'bun:test'
import type { Scope } from '@comptoir/contracts/access'
import { mayGiveClient } from './grantable.ts'

test.each<[Scope, boolean, boolean, boolean]>([
  ['account', false, true, true],
  ['account', true, false, false],
  ['orders:write', false, true, true],
  ['orders:write', true, false, true],
  ['payments:refund', false, true, false],
  ['payments:refund', true, false, true],
  ['payments:refund', true, true, true],
  ['users:write', true, true, false],
])(
  '%s for a client that acts for itself (%p) or for people (%p): %p',
  (scope, actsForItself, actsForPeople, may) => {
    const own: Scope[] = ['orders:write', 'payments:refund', 'users:write']
    expect(mayGiveClient(own, { scopes: [scope], actsForItself, actsForPeople })).toBe(may)
  },
)
