import { afterAll, describe, expect, test } from 'bun:test'
import type { Session } from '@comptoir/contracts/identity/model'
import { oauthProcedures } from '@comptoir/contracts/identity/oauth'
import { anonymous } from '@comptoir/contracts/access'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { decodeJwt } from 'jose'
import { callback, pkce, type Proof, sidOf, startOAuthStage } from './oauth-stage.ts'

const { grantToClient, redeemCode, prepareAuthorization, authorizeClient, refreshDelegation } =
  oauthProcedures
const { expectRefusal, unseen } = refusals({
  grantToClient,
  redeemCode,
  prepareAuthorization,
  authorizeClient,
})
const { expectRefusal: expectOver } = refusals({ refreshDelegation })
const stage = await startOAuthStage()
const { service, clock, edge, admin, register, ofMachine, signUp, consent, redeem, refresh, isEndedAtEdge } =
  stage

afterAll(() => service.stop())

describe('a client that acts for itself', () => {
  test('gets a token with its own scopes, which belongs to no session and cannot be refreshed', async () => {
    const client = await ofMachine()
    const { accessToken, ...told } = await edge().grantToClient({ client, scopes: null })
    expect(told).toMatchObject({ scopes: ['orders:read', 'stock:write'], refreshToken: null })
    const claims = decodeJwt(accessToken)
    expect(claims).toMatchObject({
      sub: client.clientId,
      client_id: client.clientId,
      kind: 'client',
      iss: 'comptoir',
      aud: 'comptoir',

      scopes: ['orders:read', 'stock:write'],
      scope: 'orders:read stock:write',
    })
    expect(claims).not.toContainKeys(['sid', 'act', 'rights', 'auth_time'])
  })

  test('leaves an entry of each sign-in in the audit log', async () => {
    const client = await ofMachine()
    await edge().grantToClient({ client, scopes: ['stock:write'] })
    await edge().grantToClient({ client, scopes: ['stock:write'] })
    const { items } = await service.as(admin()).listAuditEntries({ actor: client.clientId })
    const signIn = {
      actorKind: 'client',
      action: 'client.signed_in',
      target: client.clientId,
      facts: expect.arrayContaining([{ name: 'scopes', value: 'stock:write' }]),
    }
    expect(items).toMatchObject([signIn, signIn])
  })

  test('may ask for less and never for more', async () => {
    const client = await ofMachine()
    expect((await edge().grantToClient({ client, scopes: ['stock:write'] })).scopes).toEqual(['stock:write'])
    for (const scopes of [['orders:read', 'orders:write'], ['account'], ['everything'], []])
      await expectRefusal(edge().grantToClient({ client, scopes }), 'grantToClient', 'SCOPE_INVALID')
  })

  test('is none that was registered for people only', async () => {
    const call = edge().grantToClient({ client: await register(), scopes: null })
    await expectRefusal(call, 'grantToClient', 'CLIENT_UNAUTHORIZED')
  })

  test('has to prove who it is, and is told no more than that it did not', async () => {
    const { clientId } = await ofMachine()
    const phone = await register({ type: 'public' })
    const revoked = await ofMachine()
    await service.as(admin()).revokeApiClient({ clientId: revoked.clientId })
    const strangers: Proof[] = [
      { clientId, secret: 'cs_live_another' },
      { clientId, secret: null },
      { clientId, secret: '' },
      { clientId: crypto.randomUUID(), secret: 'cs_live_another' },
      { clientId: 'no uuid', secret: null },
      { clientId: phone.clientId, secret: 'cs_live_another' },
      revoked,
    ]
    for (const client of strangers)
      await expectRefusal(edge().grantToClient({ client, scopes: null }), 'grantToClient', 'CLIENT_INVALID')
  })
})

describe('a code', () => {
  test('is exchanged for tokens of the person, with the client named in them', async () => {
    const client = await register()
    const ada = await signUp('staff')
    const { accessToken, scopes, refreshToken } = await redeem(client, await consent(client, ada))
    expect(scopes).toEqual(['account', 'orders:read', 'stock:write'])
    expect(decodeJwt(accessToken)).toMatchObject({
      sub: ada.subject,
      kind: 'staff',
      client_id: client.clientId,
      act: { sub: client.clientId },
      scopes,

      auth_time: clock.now().getTime() / 1_000,
    })
    expect(refreshToken).toStartWith('rt_')
    const logged = await service.sql`
      select action, actor_id from audit_entries where target in (${ada.subject}, ${client.clientId})
      order by sequence desc limit 2`
    expect(logged).toEqual([
      { action: 'session.opened', actor_id: client.clientId },
      { action: 'client.authorized', actor_id: ada.subject },
    ] as never)
  })

  test('is worth no right that the person does not have, nor one that the client was not registered for', async () => {
    const client = await register()
    const ofCustomer = await redeem(client, await consent(client, await signUp()))
    expect(ofCustomer.scopes).toEqual(['account'])
    const narrow = await register({ scopes: ['stock:write'] })
    const ofStaff = await redeem(narrow, await consent(narrow, await signUp('staff')))
    expect(ofStaff.scopes).toEqual(['stock:write'])
  })

  test('is kept as a hash', async () => {
    const client = await register()
    const { code } = await consent(client, await signUp())
    const rows = await service.sql`select c::text as everything from authorization_codes c`
    expect(JSON.stringify(rows)).not.toContain(code.slice(3))
  })

  test('shown a second time ends what the first time has opened, at the edge too', async () => {
    const client = await register()
    const consented = await consent(client, await signUp())
    const first = await redeem(client, consented)
    await expectRefusal(redeem(client, consented), 'redeemCode', 'GRANT_INVALID')
    await expectOver(refresh(client, first.refreshToken), 'refreshDelegation', 'GRANT_INVALID')
    expect(await isEndedAtEdge(sidOf(first.accessToken))).toBe(true)
  })

  test('shown many times at once opens one session at most, and then none', async () => {
    const client = await register()
    const consented = await consent(client, await signUp())
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => redeem(client, consented)))
    const [opened, ...others] = tries.flatMap((tried) => (tried.status === 'fulfilled' ? [tried.value] : []))
    expect(others).toEqual([])
    await expectOver(refresh(client, opened?.refreshToken ?? null), 'refreshDelegation', 'GRANT_INVALID')
  })

  test('is good for its own client, address and verifier only, and a wrong try does not use it up', async () => {
    const client = await register()
    const consented = await consent(client, await signUp())
    const refuse = (call: Promise<unknown>) => expectRefusal(call, 'redeemCode', 'GRANT_INVALID')
    await refuse(redeem(await register(), consented))
    await refuse(redeem(client, { ...consented, redirectUri: 'https://app.example/other' }))
    await refuse(redeem(client, { ...consented, redirectUri: `${callback}/` }))
    await refuse(redeem(client, { ...consented, codeVerifier: pkce().codeVerifier }))
    await refuse(redeem(client, { ...consented, codeVerifier: '' }))
    await refuse(redeem(client, { ...consented, code: 'ac_made-up' }))
    const stranger = { ...client, secret: 'cs_live_another' }
    await expectRefusal(redeem(stranger, consented), 'redeemCode', 'CLIENT_INVALID')
    expect((await redeem(client, consented)).scopes).toEqual(['account'])
  })

  test('lives for a minute', async () => {
    const client = await register()
    const consented = await consent(client, await signUp())
    clock.advance(60_000)
    await expectRefusal(redeem(client, consented), 'redeemCode', 'GRANT_INVALID')
  })

  test('is worth nothing once the person has signed out everywhere', async () => {
    const client = await register()
    const ada = await signUp()
    const consented = await consent(client, ada)
    await service.as({ kind: ada.kind, id: ada.subject, scopes: [] }).logoutEverywhere({})
    await expectRefusal(redeem(client, consented), 'redeemCode', 'GRANT_INVALID')
  })

  test('is worth nothing once the person has lost the rights that it was made for', async () => {
    const client = await register({ scopes: ['orders:read'] })
    const joan = await signUp('staff')
    const consented = await consent(client, joan)
    await service.sql`update users set role = 'customer' where id = ${joan.subject}`
    await expectRefusal(redeem(client, consented), 'redeemCode', 'SCOPE_INVALID')
    await service.sql`update users set role = 'staff', disabled_at = now() where id = ${joan.subject}`
    await expectRefusal(redeem(client, consented), 'redeemCode', 'GRANT_INVALID')
  })
})

test('no refresh token outlives its session, though it was not revoked itself', async () => {
  const client = await register()
  const opened = await redeem(client, await consent(client, await signUp()))
  const { sid } = decodeJwt<{ sid: string }>(opened.accessToken)
  await service.sql`update sessions set ended_at = now() where id = ${sid}`
  await expectOver(refresh(client, opened.refreshToken), 'refreshDelegation', 'GRANT_INVALID')
})

describe('consent', () => {
  test('is asked for what the client may ask for and the person can give', async () => {
    const { clientId } = await register()
    const ada = await signUp()
    const ofAda = sidOf(ada.accessToken)
    const ask = (scopes: string[] | null, redirectUri = callback, sessionId: string | null = null) =>
      edge().prepareAuthorization({ clientId, redirectUri, scopes, sessionId })
    expect(await ask(null)).toEqual({
      clientName: 'Ledger',
      scopes: ['account', 'orders:read', 'stock:write'],
      person: null,
    })
    expect(await ask(null, callback, ofAda)).toMatchObject({
      scopes: ['account'],
      person: { name: 'Ada' },
    })
    expect((await ask(['orders:read'], callback, ofAda)).scopes).toEqual([])
    expect((await ask(['users:write'])).scopes).toEqual([])
    const elsewhere = ask(null, 'https://evil.example/')
    await expectRefusal(elsewhere, 'prepareAuthorization', 'REDIRECT_URI_UNKNOWN')
    const nobody = { clientId: crypto.randomUUID(), redirectUri: callback, scopes: null, sessionId: null }
    await expectRefusal(edge().prepareAuthorization(nobody), 'prepareAuthorization', 'CLIENT_UNKNOWN')
  })

  test('needs a sign-in of the person’s own that is not over', async () => {
    const client = await register()
    const ada = await signUp()
    const { clientId } = client
    const refuse = async (session: Session) => {
      const asked = { clientId, redirectUri: callback, scopes: null, sessionId: sidOf(session.accessToken) }
      expect((await edge().prepareAuthorization(asked)).person).toBeNull()
      await expectRefusal(consent(client, session), 'authorizeClient', 'GRANT_INVALID')
    }
    await refuse(await service.as(anonymous).createGuest({}))
    const delegated = await redeem(client, await consent(client, ada))
    await refuse({ ...ada, accessToken: delegated.accessToken })
    await consent(client, ada, { endsSession: true })
    await refuse(ada)
    expect(await isEndedAtEdge(sidOf(ada.accessToken))).toBe(true)
  })

  test('is given to a client at its own address, for what is the person’s', async () => {
    const client = await register()
    const ada = await signUp()
    const refuse = (call: Promise<unknown>, code: string) => expectRefusal(call, 'authorizeClient', code)
    await refuse(consent(client, ada, { redirectUri: 'https://evil.example/' }), 'CLIENT_UNAUTHORIZED')
    await refuse(consent({ clientId: 'nobody', secret: null }, ada), 'CLIENT_UNAUTHORIZED')
    await refuse(consent(client, ada, { scopes: ['orders:read'] }), 'SCOPE_INVALID')
    await refuse(consent(client, ada, { scopes: ['account', 'users:write'] }), 'SCOPE_INVALID')
  })
})

test('every error that the contract declares was seen above', () => {
  expect(unseen()).toEqual([])
})
