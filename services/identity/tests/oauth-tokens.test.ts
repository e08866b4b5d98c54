import { afterAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { oauthProcedures } from '@comptoir/contracts/identity/oauth'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { decodeJwt } from 'jose'
import { type Proof, sidOf, startOAuthStage } from './oauth-stage.ts'

const { refreshDelegation, revokeToken, introspectToken } = oauthProcedures
const { expectRefusal, unseen } = refusals({ refreshDelegation, revokeToken, introspectToken })
const stage = await startOAuthStage()
const { service, clock, edge, admin, register, ofMachine, signUp, consent, redeem, refresh, isEndedAtEdge } =
  stage

afterAll(() => service.stop())

describe('a client’s refresh token', () => {
  test('works once and gives the next, to its own client only', async () => {
    const client = await register()
    const first = await redeem(client, await consent(client, await signUp()))
    const refuse = (by: Proof, code: string) =>
      expectRefusal(refresh(by, first.refreshToken), 'refreshDelegation', code)
    await refuse(await register(), 'GRANT_INVALID')
    await refuse({ ...client, secret: null }, 'CLIENT_INVALID')
    const second = await refresh(client, first.refreshToken)
    expect(sidOf(second.accessToken)).toBe(sidOf(first.accessToken))
    expect((await refresh(client, second.refreshToken)).scopes).toEqual(['account'])
  })

  test('shown a second time ends its family, at the edge too', async () => {
    const client = await register()
    const first = await redeem(client, await consent(client, await signUp()))
    const second = await refresh(client, first.refreshToken)
    for (const { refreshToken } of [first, second])
      await expectRefusal(refresh(client, refreshToken), 'refreshDelegation', 'GRANT_INVALID')
    expect(await isEndedAtEdge(sidOf(first.accessToken))).toBe(true)
  })

  test('gives the rights that the person has now, and less where less is asked for', async () => {
    const client = await register()
    const joan = await signUp('staff')
    const first = await redeem(client, await consent(client, joan))
    const narrow = await refresh(client, first.refreshToken, ['account', 'orders:read'])
    expect(narrow.scopes).toEqual(['account', 'orders:read'])
    const call = refresh(client, narrow.refreshToken, ['orders:write'])
    await expectRefusal(call, 'refreshDelegation', 'SCOPE_INVALID')
    await service.sql`update users set role = 'customer' where id = ${joan.subject}`
    expect((await refresh(client, narrow.refreshToken)).scopes).toEqual(['account'])
  })

  test('is no person’s, who would have all their rights', async () => {
    const client = await register()
    const { refreshToken } = await redeem(client, await consent(client, await signUp('staff')))
    const asPerson = service.as(anonymous).refresh({ refreshToken: refreshToken ?? '' })
    await expect(asPerson).rejects.toMatchObject({ code: 'REFRESH_TOKEN_INVALID' })
    const ownToken = (await signUp()).refreshToken
    await expectRefusal(refresh(client, ownToken), 'refreshDelegation', 'GRANT_INVALID')
    expect((await refresh(client, refreshToken)).scopes).toContain('orders:read')
  })

  test('is over once its client is', async () => {
    const client = await register({ type: 'public' })
    const { accessToken } = await redeem(client, await consent(client, await signUp()))
    await service.as(admin()).revokeApiClient({ clientId: client.clientId })
    const rows = await service.sql`
      select s.ended_at, t.revoked_at from sessions s join refresh_tokens t on t.family_id = s.id
      where s.id = ${sidOf(accessToken)}`
    expect(rows[0]?.['ended_at']).toBeInstanceOf(Date)
    expect(rows[0]?.['revoked_at']).toBeInstanceOf(Date)
  })
})

describe('a token', () => {
  const introspect = (client: Proof, token: string | null) =>
    edge().introspectToken({ client, token: token ?? '' })
  const revoke = (client: Proof, token: string | null) => edge().revokeToken({ client, token: token ?? '' })

  test('is known to its own client, for as long as it is good for something', async () => {
    const client = await register({ actsForItself: true })
    const ada = await signUp()
    const own = await edge().grantToClient({ client, scopes: ['orders:read'] })
    const { accessToken, refreshToken } = await redeem(client, await consent(client, ada))
    expect(await introspect(client, own.accessToken)).toMatchObject({
      kind: 'access',
      subject: client.clientId,
      subjectKind: 'client',
      scopes: ['orders:read'],
      issuer: 'comptoir',
    })
    expect(await introspect(client, accessToken)).toMatchObject({ subject: ada.subject, scopes: ['account'] })
    expect(await introspect(client, refreshToken)).toMatchObject({ kind: 'refresh', subject: ada.subject })
    const other = await register()
    for (const token of [
      own.accessToken,
      accessToken,
      refreshToken,
      ada.accessToken,
      ada.refreshToken,
      'no token',
    ])
      expect(await introspect(other, token)).toBeNull()
    clock.advance(15 * 60_000)
    expect(await introspect(client, accessToken)).toBeNull()
    expect(await introspect(client, own.accessToken)).toBeNull()
    clock.advance(30 * 24 * 60 * 60_000)
    expect(await introspect(client, refreshToken)).toBeNull()
  })

  test('given before a change of the person’s rights is good for nothing', async () => {
    const client = await register()
    const ada = await signUp()
    const { accessToken } = await redeem(client, await consent(client, ada))
    await service.sql`update users set rights_version = rights_version + 1 where id = ${ada.subject}`
    expect(await introspect(client, accessToken)).toBeNull()
  })

  test('that is revoked takes its whole grant with it, and another client’s nothing', async () => {
    const client = await register()
    for (const which of ['accessToken', 'refreshToken'] as const) {
      const tokens = await redeem(client, await consent(client, await signUp()))
      await revoke(await register(), tokens[which])
      expect(await introspect(client, tokens.accessToken)).not.toBeNull()
      expect(await revoke(client, tokens[which])).toBeNull()
      expect(await introspect(client, tokens.accessToken)).toBeNull()
      expect(await introspect(client, tokens.refreshToken)).toBeNull()
      expect(await isEndedAtEdge(sidOf(tokens.accessToken))).toBe(true)
    }
    expect(await revoke(client, 'no token')).toBeNull()
  })

  test('of a client that acts for itself can be revoked by itself', async () => {
    const client = await ofMachine()
    const [one, other] = [1, 2].map(() => edge().grantToClient({ client, scopes: null }))
    const revoked = (await one)?.accessToken ?? ''
    await revoke(client, revoked)
    expect(await introspect(client, revoked)).toBeNull()
    expect(await isEndedAtEdge(decodeJwt(revoked).jti ?? '')).toBe(true)
    expect(await introspect(client, (await other)?.accessToken ?? '')).not.toBeNull()
  })

  test('is no business of one who does not prove who they are, nor of a public client to look into', async () => {
    const stranger = { clientId: crypto.randomUUID(), secret: null }
    await expectRefusal(introspect(stranger, 'a token'), 'introspectToken', 'CLIENT_INVALID')
    await expectRefusal(revoke(stranger, 'a token'), 'revokeToken', 'CLIENT_INVALID')
    const phone = await register({ type: 'public' })
    await expectRefusal(introspect(phone, 'a token'), 'introspectToken', 'CLIENT_INVALID')
  })
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})
