// Third parties with certified clients of OAuth 2.0, and machines with keys, through a real gateway.
import { beforeAll, describe, expect, test } from 'bun:test'
import type { Scope } from '@comptoir/contracts/access'
import type { NewApiClient } from '@comptoir/contracts/identity/machine-model'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { enter } from '../stack/purchase.ts'
import { guard, nextCodeOf, openAccount, password, wrongCodeOf } from '../stack/second-factor.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'
import { consentAt, type Consenting } from './consenting.ts'
import { redirectTricks, registeredUri } from './redirect-tricks.ts'

const callback = registeredUri
let stack: TestStack
let email: string

beforeAll(async () => {
  stack = await sharedStack()
  email = `grace.${crypto.randomUUID()}@example.com`
  await stack.shop('identity', 'register', { email, password, name: 'Grace Hopper' })
})

const register = (more: Partial<NewApiClient> = {}) => {
  const made = {
    name: 'Ledger',
    type: 'confidential',
    redirectUris: [callback],
    scopes: ['account'],
  } as const
  const input = { ...made, redirectUris: [callback], scopes: ['account' as const], ...more }
  return stack.shop('identity', 'createApiClient', input, { token: stack.staffToken })
}
const ofMachine = (scopes: Scope[] = ['orders:read', 'stock:write']) =>
  register({ redirectUris: [], actsForItself: true, scopes })

/** As the documentation of openid-client says, but that the shop under test has no certificate. */
const discover = (id: string, proof: client.ClientAuth) =>
  client.discovery(new URL(stack.gatewayUrl), id, undefined, proof, {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })
const statusOf = async (path: string, token: string) =>
  (await ask(`${stack.gatewayUrl}${path}`, { token })).status
const untilRefused = (path: string, token: string) =>
  until('the edge has heard of it', async () => ((await statusOf(path, token)) === 401 ? true : undefined))

interface Authorized {
  readonly config: client.Configuration
  readonly verifier: string
  readonly sentTo: URL
}

/** Sends the person to the shop and back. */
const authorize = async (
  config: client.Configuration,
  more: Record<string, string> = {},
  who: Partial<Consenting> = {},
): Promise<Authorized> => {
  const verifier = client.randomPKCECodeVerifier()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    state: 'the state',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })
  return { config, verifier, sentTo: await consentAt(url, { email, password, decision: 'allow', ...who }) }
}
const exchange = ({ config, verifier, sentTo }: Authorized) =>
  client.authorizationCodeGrant(config, sentTo, { pkceCodeVerifier: verifier, expectedState: 'the state' })
const ofOpenIdClient = async () => {
  const { id, secret } = await register()
  return discover(id, client.ClientSecretBasic(secret ?? ''))
}
const introspected = async (config: client.Configuration, token: string): Promise<object> =>
  client.tokenIntrospection(config, token)
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: unknown) => (error as { error?: unknown }).error ?? error,
  )

describe('openid-client', () => {
  test.each([
    ['Basic', client.ClientSecretBasic],
    ['post', client.ClientSecretPost],
  ])(
    'gets a token for itself by %s, which opens what it was given and nothing else',
    async (_how, proofOf) => {
      const { id, secret } = await ofMachine()
      const config = await discover(id, proofOf(secret ?? ''))
      const tokens = await client.clientCredentialsGrant(config, { scope: 'orders:read' })
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'orders:read' })
      expect(await statusOf('/v1/orders', tokens.access_token)).toBe(200)
      expect(await statusOf('/v1/messages', tokens.access_token)).toBe(403)
      expect(await statusOf('/v1/me', tokens.access_token)).toBe(403)
      expect(await errorOf(client.clientCredentialsGrant(config, { scope: 'orders:write' }))).toBe(
        'invalid_scope',
      )
      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        client_id: id,
      })
      await client.tokenRevocation(config, tokens.access_token)
      expect(await introspected(config, tokens.access_token)).toEqual({ active: false })
      await untilRefused('/v1/orders', tokens.access_token)
    },
  )

  test('acts for a person who consents, refreshes, and gives it all back', async () => {
    const config = await ofOpenIdClient()
    const first = await exchange(await authorize(config, { scope: 'account' }))
    const me = await ask(`${stack.gatewayUrl}/v1/me`, { token: first.access_token })
    expect(me.body).toMatchObject({ email })
    expect(await statusOf('/v1/orders', first.access_token)).toBe(200)
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? '')
    expect(await statusOf('/v1/me', second.access_token)).toBe(200)
    expect(await client.tokenIntrospection(config, second.refresh_token ?? '')).toMatchObject({
      active: true,
    })
    await client.tokenRevocation(config, second.refresh_token ?? '')
    expect(await introspected(config, second.access_token)).toEqual({ active: false })
    for (const { access_token: token } of [first, second]) await untilRefused('/v1/me', token)
  })

  test('is told that the person has said no', async () => {
    const authorized = await authorize(await ofOpenIdClient(), {}, { decision: 'deny' })
    expect(await errorOf(exchange(authorized))).toBe('access_denied')
  })

  test('has the rights of staff once they show their second factor on the page, and not before', async () => {
    const { id, secret } = await register({ scopes: ['orders:read'] })
    const config = await discover(id, client.ClientSecretBasic(secret ?? ''))
    const joan = await guard(stack.shop, await openAccount(stack.shop))
    const { id: userId } = await stack.shop('identity', 'getMe', {}, joan)
    await stack.shop('identity', 'setUserRole', { userId, role: 'staff' }, { token: stack.staffToken })
    const entering = (code: string) => authorize(config, {}, { email: joan.email, code })
    for (const code of ['', wrongCodeOf(joan.secret)])
      await expect(entering(code)).rejects.toThrow('Enter a new code')
    const tokens = await exchange(await entering(nextCodeOf(joan.secret)))
    expect(tokens.scope).toBe('orders:read')
    expect(await statusOf('/v1/orders', tokens.access_token)).toBe(200)
    expect(await statusOf('/v1/me', tokens.access_token)).toBe(403)
  })

  test('ends what it has opened by showing a code twice', async () => {
    const authorized = await authorize(await ofOpenIdClient())
    const { access_token: token, refresh_token: refreshToken = '' } = await exchange(authorized)
    expect(await errorOf(exchange(authorized))).toBe('invalid_grant')
    expect(await errorOf(client.refreshTokenGrant(authorized.config, refreshToken))).toBe('invalid_grant')
    await untilRefused('/v1/me', token)
  })

  test('ends what it has opened by showing a refresh token twice', async () => {
    const config = await ofOpenIdClient()
    const first = await exchange(await authorize(config))
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? '')
    expect(await errorOf(client.refreshTokenGrant(config, first.refresh_token ?? ''))).toBe('invalid_grant')
    expect(await errorOf(client.refreshTokenGrant(config, second.refresh_token ?? ''))).toBe('invalid_grant')
    await untilRefused('/v1/me', second.access_token)
  })

  test('gets nothing for the code of another client, nor with another verifier', async () => {
    const authorized = await authorize(await ofOpenIdClient())
    expect(await errorOf(exchange({ ...authorized, config: await ofOpenIdClient() }))).toBe('invalid_grant')
    expect(await errorOf(exchange({ ...authorized, verifier: client.randomPKCECodeVerifier() }))).toBe(
      'invalid_grant',
    )
    expect((await exchange(authorized)).scope).toBe('account')
  })

  test.each([
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a right that it was not registered for', { scope: 'account orders:write' }, 'invalid_scope'],
    ['a right over people', { scope: 'users:write' }, 'invalid_scope'],
  ])('is refused %s', async (_what, more, error) => {
    const { sentTo } = await authorize(await ofOpenIdClient(), more)
    expect(sentTo.searchParams.get('error')).toBe(error)
  })

  test('is over, with all that people let it do, once it is revoked', async () => {
    const config = await ofOpenIdClient()
    const tokens = await exchange(await authorize(config))
    const clientId = config.clientMetadata().client_id
    await ask(`${stack.gatewayUrl}/v1/api-clients/${clientId}`, { method: 'DELETE', token: stack.staffToken })
    const refreshed = client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await expect(refreshed).rejects.toMatchObject({ status: 401 })
    await untilRefused('/v1/me', tokens.access_token)
  })
})

test('oauth4webapi, as an app on a phone, acts for a person who consents', async () => {
  const redirectUri = 'http://127.0.0.1:49152/callback'
  const { id } = await register({ type: 'public', redirectUris: ['http://127.0.0.1/callback'] })
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(stack.gatewayUrl)
  const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' })
  const server = await oauth.processDiscoveryResponse(issuer, found)
  const app = { client_id: id }
  const verifier = oauth.generateRandomCodeVerifier()
  const url = new URL(server.authorization_endpoint ?? '')
  const asked = {
    client_id: id,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  url.search = String(new URLSearchParams(asked))
  const sentTo = await consentAt(url, { email, password, decision: 'allow' })
  expect(`${sentTo.origin}${sentTo.pathname}`).toBe(redirectUri)
  const code = oauth.validateAuthResponse(server, app, sentTo, oauth.expectNoState)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    app,
    oauth.None(),
    code,
    redirectUri,
    verifier,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, app, response)
  expect(await statusOf('/v1/me', tokens.access_token)).toBe(200)
  const next = await oauth.refreshTokenGrantRequest(
    server,
    app,
    oauth.None(),
    tokens.refresh_token ?? '',
    insecure,
  )
  expect((await oauth.processRefreshTokenResponse(server, app, next)).scope).toBe('account')
})

test.each([...redirectTricks])('nobody is sent to %j, which is not registered', async (redirectUri) => {
  const asked = {
    client_id: (await registered()).id,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  }
  const { status, headers } = await ask(`${stack.gatewayUrl}/oauth/authorize?${new URLSearchParams(asked)}`)
  expect([status, headers.get('location')]).toEqual([400, null])
})

let kept: ReturnType<typeof register> | undefined
const registered = () => (kept ??= register())

describe('a machine with a key', () => {
  const create = (networks: string[] = []) => {
    const input = { name: 'Warehouse', scopes: ['orders:read' as const], networks }
    return stack.shop('identity', 'createApiKey', input, { token: stack.staffToken })
  }

  test('may do what the key says, and nothing once it is revoked', async () => {
    const { id, key } = await create()
    expect(await statusOf('/v1/orders', key)).toBe(200)
    expect(await statusOf('/v1/messages', key)).toBe(403)
    expect(await statusOf('/v1/api-keys', key)).toBe(403)
    await ask(`${stack.gatewayUrl}/v1/api-keys/${id}`, { method: 'DELETE', token: stack.staffToken })
    await untilRefused('/v1/orders', key)
  })

  test('may do it from the networks of the key only, whatever it says of where it is', async () => {
    const { key: here } = await create(['127.0.0.0/8'])
    expect(await statusOf('/v1/orders', here)).toBe(200)
    const { key } = await create(['198.51.100.0/24'])
    const headers = { 'x-forwarded-for': '198.51.100.7' }
    const answer = await ask(`${stack.gatewayUrl}/v1/orders`, { token: key, headers })
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
  })
})

test('a token of the shop itself is none for a client, nor a client’s for the shop’s own pages', async () => {
  const config = await ofOpenIdClient()
  const own = await stack.shop('identity', 'login', { email, password })
  expect(await introspected(config, own.accessToken)).toEqual({ active: false })
  expect(await errorOf(client.refreshTokenGrant(config, own.refreshToken))).toBe('invalid_grant')
  const { refresh_token: refreshToken = '' } = await exchange(await authorize(config))
  const answer = await ask(`${stack.gatewayUrl}/v1/auth/refresh`, { body: { refreshToken } })
  expect(answer.status).toBe(401)
  const guest = await enter(stack.shop)
  expect(await introspected(config, guest.token)).toEqual({ active: false })
})
