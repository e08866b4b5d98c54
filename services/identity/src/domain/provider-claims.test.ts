import { expect, test } from 'bun:test'
import { UserId } from '@comptoir/contracts/ids'
import { matchPerson, readClaims } from './provider-claims.ts'

const given = { iss: 'https://provider.example', sub: 'ada', email: 'ada@example.org' }
const id = UserId.parse('01900000-0000-7000-8000-000000000000')
const at = new Date('2026-11-20T10:00:00.000Z')

test('an address counts only where the provider says that it is verified, and in no other words than true', () => {
  const read = (email_verified?: unknown) => readClaims({ ...given, email_verified }).verifiedEmail
  expect(read(true)).toBe('ada@example.org')
  for (const other of [undefined, false, 'true', 1, null]) expect(read(other)).toBeUndefined()
  expect(readClaims({ ...given, email: 'nonsense', email_verified: true }).verifiedEmail).toBeUndefined()
})

test('a name that no account could have is left out', () => {
  expect(readClaims({ ...given, name: 'Ada\nLovelace' }).name).toBeUndefined()
  expect(readClaims({ ...given, name: 'Ada Lovelace' }).name).toBe('Ada Lovelace')
})

test('links only a customer, by an address that the provider has verified; it starts anew where we have not', () => {
  for (const providerVerified of [true, false])
    for (const role of [undefined, 'customer', 'staff', 'admin', 'order-desk'])
      for (const emailVerifiedAt of [null, at]) {
        const claims = readClaims({ ...given, email_verified: providerVerified })
        const match = matchPerson(claims, role === undefined ? undefined : { id, role, emailVerifiedAt })
        const links = providerVerified && role === 'customer'
        const wanted = emailVerifiedAt === null ? 'reclaimed' : 'linked'
        expect([role, match.is === wanted]).toEqual([role, links])
        expect(match.is === (wanted === 'linked' ? 'reclaimed' : 'linked')).toBe(false)
        expect(match.is === 'new').toBe(providerVerified && role === undefined)
      }
})
