import { expect, test } from 'bun:test'
import { commonError } from '@comptoir/contracts/errors'
import { createTokenIssuer, createTokenKeys, createTokenVerifier } from './actor-token.ts'

const keys = await createTokenKeys('gateway.one')
const issue = createTokenIssuer('gateway', keys)
const verify = createTokenVerifier('orders', async (kid) =>
  kid === keys.kid ? { service: 'gateway', publicJwk: keys.publicJwk } : undefined,
)

test('an actor whose id looks like another with rights gets a token of their own', async () => {
  const staff = { kind: 'staff' as const, id: 'a', scopes: ['orders:read' as const] }
  const sly = { kind: 'staff' as const, id: 'a orders:read', scopes: [] }
  const tokens = [await issue(staff, 'orders'), await issue(sly, 'orders')]
  const actors = await Promise.all(tokens.map(async (token) => (await verify(token)).actor))
  expect(actors).toEqual([staff, sly])
})

test('a token is used again for the same actor and audience, and for no other audience', async () => {
  const guest = { kind: 'guest' as const, id: 'g-1', scopes: [] }
  expect(await issue(guest, 'orders')).toBe(await issue({ ...guest }, 'orders'))
  const elsewhere = await issue(guest, 'carts')
  await expect(verify(elsewhere)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('where the keys cannot be read nobody is told that their credential is wrong', async () => {
  const blind = createTokenVerifier('orders', () => Promise.reject(commonError('UNAVAILABLE')))
  const token = await issue({ kind: 'guest', id: 'g-1', scopes: [] }, 'orders')
  await expect(blind(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})
