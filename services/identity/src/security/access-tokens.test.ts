import { expect, test } from 'bun:test'
import { decodeProtectedHeader, generateKeyPair, jwtVerify } from 'jose'
import { accessTokens } from './access-tokens.ts'

test('a token says who, what kind, by which sign-in, which rights, for how long, and is signed with ES256', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const { issue, use } = accessTokens('comptoir')
  use({ kid: 'k1', privateKey })
  const now = new Date('2026-11-20T10:00:00Z')
  const holder = { id: 'u1', kind: 'admin', scopes: ['users:write'], rightsVersion: 3 } as const
  const session = { id: '01900000-0000-7000-8000-000000000001', provedAt: now, clientId: null }
  const { token, expiresAt } = await issue({ holder, session }, { jti: 'j1', now })

  expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
  const { payload } = await jwtVerify(token, publicKey, {
    issuer: 'comptoir',
    audience: 'comptoir',
    typ: 'at+jwt',
    currentDate: now,
  })
  expect(payload).toMatchObject({ sub: 'u1', kind: 'admin', jti: 'j1', iat: 1795168800, exp: 1795169700 })
  expect(payload).toMatchObject({
    scopes: ['users:write'],
    sid: session.id,
    rights: 3,
    auth_time: 1795168800,
  })
  expect(expiresAt.toISOString()).toBe('2026-11-20T10:15:00.000Z')
})
