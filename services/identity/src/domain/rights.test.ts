import { expect, test } from 'bun:test'
import { scopesOfKind } from '@comptoir/contracts/access'
import { type Holder, rightsIn } from './rights.ts'

const at = new Date('2026-11-20T10:00:00Z')
const holder = (kind: Holder['kind'], secondFactor: boolean): Holder => ({
  id: 'somebody',
  kind,
  scopes: scopesOfKind[kind],
  rightsVersion: 1,
  secondFactor,
})

test.each([
  // kind, has a factor, it was shown, policy -> has rights, counts as proof
  ['staff', false, false, 'required', false, true],
  ['staff', true, false, 'required', false, false],
  ['staff', true, true, 'required', true, true],
  // Shown once, and given up since.
  ['staff', false, true, 'required', false, true],
  ['admin', false, false, 'required', false, true],
  ['admin', true, true, 'required', true, true],
  ['staff', false, false, 'optional', true, true],
  ['staff', true, false, 'optional', false, false],
  ['staff', true, true, 'optional', true, true],
] as const)('%s, factor %p, shown %p, %s: rights %p, proof %p', (kind, has, shown, policy, rights, proof) => {
  const worth = rightsIn({ secondFactor: shown, provedAt: at }, holder(kind, has), policy)
  expect(worth.scopes).toEqual(rights ? [...scopesOfKind[kind]] : [])
  expect(worth.provedAt).toEqual(proof ? at : null)
})

test.each(['required', 'optional'] as const)('a customer needs none where it is %s for staff', (policy) => {
  const worth = rightsIn({ secondFactor: false, provedAt: at }, holder('customer', false), policy)
  expect(worth.provedAt).toEqual(at)
  const unproved = rightsIn({ secondFactor: false, provedAt: at }, holder('customer', true), policy)
  expect(unproved.provedAt).toBeNull()
})

test('what staff let somebody do for them with their own things does not wait for their second factor', () => {
  const delegated: Holder = { ...holder('staff', false), scopes: ['account', 'orders:read'] }
  const worth = rightsIn({ secondFactor: false, provedAt: at }, delegated, 'required')
  expect(worth.scopes).toEqual(['account'])
})
