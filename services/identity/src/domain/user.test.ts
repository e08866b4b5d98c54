import { describe, expect, test } from 'bun:test'
import { User } from '@comptoir/contracts/identity/model'
import { registration, withProfile } from './user.ts'

const user = User.parse({
  id: '0190a000-0000-7000-8000-000000000001',
  email: 'ada@example.org',
  emailVerified: false,
  name: 'Ada',
  phone: '+447700900123',
  locale: 'en',
  role: 'customer',
  version: 2,
  createdAt: '2026-11-20T10:00:00.000Z',
})

describe('a profile', () => {
  test('changes only what is given and goes one version on', () => {
    expect(withProfile(user, { name: 'Ada L.' })).toEqual({ ...user, name: 'Ada L.', version: 3 })
  })

  test('can lose its phone number', () => {
    expect(withProfile(user, { phone: null }).phone).toBeNull()
  })

  test('stays as it is when nothing changes', () => {
    expect(withProfile(user, { name: 'Ada', locale: 'en' })).toBe(user)
  })
})

test('a registration is told before the sign-in it brings, each with its own version', () => {
  const guestId = '0190a000-0000-7000-8000-000000000002'
  const told = registration(user, guestId)
  expect(told.map((occurrence) => [occurrence.event.subject, occurrence.version])).toEqual([
    ['identity.user.registered.v1', 1],
    ['identity.user.signed_in.v1', 2],
  ])
  expect(told[1]?.data).toEqual({ userId: user.id, guestId })
})
