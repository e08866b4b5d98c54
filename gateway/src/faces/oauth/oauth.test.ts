import { describe, expect, test } from 'bun:test'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { serveEdge } from '../../testing/serve-edge.ts'
import type { OAuthCalls } from './oauth-calls.ts'

const tokens = {
  accessToken: 'at',
  expiresAt: '2126-01-01T00:00:00.000Z',
  scopes: ['account' as const, 'orders:read' as const],
  refreshToken: 'rt',
}

/** The edge whose identity answers each call with tokens, or as told, and what it was asked. */
const serving = (more: Partial<OAuthCalls> = {}) => {
  const asked: [string, unknown][] = []
  const calls = new Proxy(more, {
    get: (given, name: keyof OAuthCalls) => async (input: never) => {
      asked.push([name, input])
      return given[name] === undefined ? tokens : given[name](input)
    },
  }) as OAuthCalls
  const { fetch } = serveEdge(() => Response.error(), { oauth: calls, publicUrl: 'https://shop.example' })
  const post = (path: string, form: Record<string, string> | string, headers: Record<string, string> = {}) =>
    fetch(path, { method: 'POST', body: new URLSearchParams(form), headers })
  return { fetch, post, asked }
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
})
const grant = { grant_type: 'client_credentials' }

describe('a client proves who it is', () => {
  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    ['by Basic', {}, basic('a:b', 'p+ä%'), { clientId: 'a:b', secret: 'p+ä%' }],
    ['in the form', { client_id: 'a', client_secret: 's' }, {}, { clientId: 'a', secret: 's' }],
    ['not at all, where it is public', { client_id: 'a' }, {}, { clientId: 'a', secret: null }],
  ])('%s', async (_how, form, headers, client) => {
    const { post, asked } = serving()
    const response = await post('/oauth/token', { ...grant, ...form }, headers)
    expect(response.status).toBe(200)
    expect(asked).toEqual([['grantToClient', { client, scopes: null }]])
  })

  test.each<[string, Record<string, string>, Record<string, string>, number, string]>([
    ['nobody', {}, {}, 400, 'invalid_request'],
    ['in two ways', { client_secret: 's' }, basic('a', 's'), 400, 'invalid_request'],
    ['as two', { client_id: 'b' }, basic('a', 's'), 400, 'invalid_request'],
    ['by a bearer token', {}, { authorization: 'Bearer at' }, 401, 'invalid_client'],
    ['by nonsense', {}, { authorization: 'Basic !' }, 401, 'invalid_client'],
    ['without a colon', {}, { authorization: `Basic ${btoa('a')}` }, 401, 'invalid_client'],
    ['with a broken escape', {}, { authorization: `Basic ${btoa('a:%zz')}` }, 401, 'invalid_client'],
  ])('and is refused where it is %s', async (_how, form, headers, status, error) => {
    const { post, asked } = serving()
    const response = await post('/oauth/token', { ...grant, ...form }, headers)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error })
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="comptoir"' : null)
    expect(asked).toEqual([])
  })
})

describe('/oauth/token', () => {
  const client = { client_id: 'a' }

  test('tells tokens in the words of RFC 6749 and lets nobody keep them', async () => {
    const response = await serving().post('/oauth/token', { ...grant, ...client })
    expect(await response.json()).toEqual({
      access_token: 'at',
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'account orders:read',
      refresh_token: 'rt',
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('hands a code on with its verifier and its address, and a refresh token with the scopes', async () => {
    const { post, asked } = serving()
    const code = { code: 'c', redirect_uri: 'https://app.example/', code_verifier: 'v' }
    await post('/oauth/token', { grant_type: 'authorization_code', ...code, ...client })
    await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: 'r', scope: 'a  b', ...client })
    const proof = { clientId: 'a', secret: null }
    expect(asked).toEqual([
      ['redeemCode', { client: proof, code: 'c', redirectUri: 'https://app.example/', codeVerifier: 'v' }],
      ['refreshDelegation', { client: proof, refreshToken: 'r', scopes: ['a', 'b'] }],
    ])
  })

  test.each([
    ['no grant type', 'client_id=a', 'invalid_request'],
    ['a grant type that is not offered', 'client_id=a&grant_type=password', 'unsupported_grant_type'],
    ['the implicit one', 'client_id=a&grant_type=implicit', 'unsupported_grant_type'],
    [
      'a code without its verifier',
      'client_id=a&grant_type=authorization_code&code=c&redirect_uri=r',
      'invalid_request',
    ],
    [
      'a code without its address',
      'client_id=a&grant_type=authorization_code&code=c&code_verifier=v',
      'invalid_request',
    ],
    [
      'a verifier without a value',
      'client_id=a&grant_type=authorization_code&code=c&redirect_uri=r&code_verifier=',
      'invalid_request',
    ],
    ['no refresh token', 'client_id=a&grant_type=refresh_token', 'invalid_request'],
    [
      'a parameter that is there twice',
      'client_id=a&client_id=a&grant_type=client_credentials',
      'invalid_request',
    ],
  ])('refuses %s before anybody is asked', async (_what, form, error) => {
    const { post, asked } = serving()
    const response = await post('/oauth/token', form)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(asked).toEqual([])
  })

  test('takes forms only, and no request of another method', async () => {
    const { fetch } = serving()
    const json = await fetch('/oauth/token', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect([json.status, await json.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const get = await fetch('/oauth/token?grant_type=client_credentials')
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test.each([
    ['CLIENT_INVALID', 401, 'invalid_client'],
    ['CLIENT_UNAUTHORIZED', 400, 'unauthorized_client'],
    ['GRANT_INVALID', 400, 'invalid_grant'],
    ['SCOPE_INVALID', 400, 'invalid_scope'],
    ['INVALID_INPUT', 400, 'invalid_request'],
  ])('tells %s of identity as %d %s', async (code, status, error) => {
    const fails = () => Promise.reject(new ServiceError(code, { status: 400, message: 'secret of identity' }))
    const response = await serving({ grantToClient: fails }).post('/oauth/token', { ...grant, ...client })
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ error })
    expect(text).not.toContain('secret of identity')
  })

  test('says so where identity is away', async () => {
    const fails = () => Promise.reject(commonError('UNAVAILABLE'))
    const response = await serving({ grantToClient: fails }).post('/oauth/token', { ...grant, ...client })
    expect(response.status).toBe(503)
  })
})

test('a token is given back without a word, known or not', async () => {
  const { post, asked } = serving()
  const response = await post('/oauth/revoke', { client_id: 'a', token: 't', token_type_hint: 'anything' })
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(asked).toEqual([['revokeToken', { client: { clientId: 'a', secret: null }, token: 't' }]])
  expect((await post('/oauth/revoke', { client_id: 'a' })).status).toBe(400)
})

test('of a token that is none it is told that it is good for nothing, and no more', async () => {
  const { post } = serving({ introspectToken: async () => null })
  const response = await post('/oauth/introspect', { token: 't' }, basic('a', 's'))
  expect(await response.json()).toEqual({ active: false })
})

test('clients find out where everything is', async () => {
  const response = await serving().fetch('/.well-known/oauth-authorization-server')
  expect(await response.json()).toMatchObject({
    issuer: 'https://shop.example',
    token_endpoint: 'https://shop.example/oauth/token',
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
  })
})
