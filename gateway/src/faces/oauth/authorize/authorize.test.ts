import { describe, expect, test } from 'bun:test'
import { delegableScopes, type Actor, type Scope } from '@comptoir/contracts/access'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { serveEdge } from '../../../testing/serve-edge.ts'
import type { OAuthCalls } from '../oauth-calls.ts'
import { preferredLocale, words } from './words.ts'

const own = 'https://shop.example'
const callback = 'https://app.example/callback?tenant=1'
const challenge = 'c'.repeat(43)
const good = {
  response_type: 'code',
  client_id: 'app',
  redirect_uri: callback,
  scope: 'account orders:read',
  state: 's&1',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}
const ada: Actor = {
  kind: 'customer',
  id: '01900000-0000-7000-8000-000000000001',
  scopes: [],
  session: '01900000-0000-7000-8000-000000000002',
}
const fails = (code: string) => new ServiceError(code, { status: 400, message: 'No.' })

/** The edge with one client, `app`, and one person, whose password is `right`. */
const serving = (more: { actor?: Actor; scopes?: Scope[]; scopesOfPerson?: Scope[] } = {}) => {
  const given: unknown[] = []
  const ended: unknown[] = []
  const calls = {
    prepareAuthorization: async ({ clientId, redirectUri, sessionId }) => {
      if (clientId === 'away') throw commonError('UNAVAILABLE')
      if (clientId !== 'app') throw fails('CLIENT_UNKNOWN')
      if (redirectUri !== callback) throw fails('REDIRECT_URI_UNKNOWN')
      const person = sessionId === null ? null : { name: 'Ada <b>', email: 'ada@example.org' }
      const scopes = (person === null ? undefined : more.scopesOfPerson) ?? more.scopes ?? ['account']
      return { clientName: 'Ledger & <i>Co</i>', scopes, person }
    },
    login: async ({ password }) => {
      if (password === 'often') throw fails('LOGIN_THROTTLED')
      if (password !== 'right') throw fails('CREDENTIALS_INVALID')
      return {
        accessToken: 'at',
        accessTokenExpiresAt: '',
        refreshToken: '',
        refreshTokenExpiresAt: '',
        kind: 'customer',
        subject: ada.id,
      }
    },
    authorizeClient: async (input) => (given.push(input), { code: 'the-code' }),
    endSession: async ({ sessionId }, options) => {
      if (ended.length > 0) throw fails('SESSION_NOT_FOUND')
      ended.push([sessionId, options?.actor?.id])
      return null
    },
  } satisfies Partial<OAuthCalls> as unknown as OAuthCalls
  const { fetch } = serveEdge(() => Response.error(), {
    oauth: calls,
    publicUrl: own,
    authenticate: async (authorization) => {
      if (authorization !== 'Bearer at') throw commonError('UNAUTHENTICATED')
      return more.actor ?? ada
    },
  })
  /** A header that is empty is not sent. */
  const post = (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const sent = Object.entries({ origin: own, 'sec-fetch-site': 'same-origin', ...headers })
    return fetch('/oauth/authorize', {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: Object.fromEntries(sent.filter(([, value]) => value !== '')),
    })
  }
  return {
    given,
    ended,
    post,
    show: (query: Record<string, string> | string = good, headers: Record<string, string> = {}) =>
      fetch(`/oauth/authorize?${new URLSearchParams(query)}`, { headers }),
    /** The consent page after signing in, and what the browser would send with the decision. */
    signIn: async (query: Record<string, string> = good) => {
      const request = String(new URLSearchParams(query))
      const response = await post({ step: 'sign-in', request, email: 'ada@example.org', password: 'right' })
      const text = await response.text()
      const [, token = ''] = /name="token" value="([^"]*)"/.exec(text) ?? []
      return { response, text, form: { step: 'decision', request, token } }
    },
  }
}
const cookie = { cookie: 'other=1; __Host-consent=at' }
const locationOf = (response: Response) => response.headers.get('location') ?? ''
const answerIn = (response: Response) => Object.fromEntries(new URL(locationOf(response)).searchParams)

describe('nobody is sent anywhere, but told on a page,', () => {
  test.each<[string, Record<string, string> | string]>([
    ['a client that is not known', { ...good, client_id: 'other' }],
    ['no client', { ...good, client_id: '' }],
    ['an address that is not registered', { ...good, redirect_uri: 'https://evil.example/' }],
    ['no address', { ...good, redirect_uri: '' }],
    ['two addresses', `${new URLSearchParams(good)}&redirect_uri=https%3A%2F%2Fevil.example%2F`],
    ['two clients', `${new URLSearchParams(good)}&client_id=app`],
  ])('of %s', async (_what, query) => {
    const response = await serving().show(query)
    expect([response.status, locationOf(response)]).toEqual([400, ''])
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("form-action 'none'")
  })

  test('and not either where identity is away', async () => {
    const response = await serving().show({ ...good, client_id: 'away' })
    expect([response.status, locationOf(response)]).toEqual([503, ''])
  })
})

test.each<[string, Record<string, string>, string]>([
  ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['PKCE without its method, which is plain', { code_challenge_method: '' }, 'invalid_request'],
  ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
  ['no response type', { response_type: '' }, 'invalid_request'],
  ['the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
  ['an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
])(
  'a client that asks for %s is told by a redirect, with its state and who says so',
  async (_what, more, error) => {
    const response = await serving().show({ ...good, ...more })
    expect(response.status).toBe(303)
    expect(locationOf(response)).toStartWith(`${callback}&error=`)
    expect(answerIn(response)).toMatchObject({ tenant: '1', error, state: 's&1', iss: own })
  },
)

test('a client that asks for more than it may is told so', async () => {
  expect(answerIn(await serving({ scopes: [] }).show())).toMatchObject({ error: 'invalid_scope' })
})

describe('the page', () => {
  test('runs nothing, is framed and kept by nobody, and sends forms to us and to the client only', async () => {
    const { headers } = await serving().show()
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy.replace(/nonce-[^']+/, 'nonce')).toBe(
      "default-src 'none'; style-src 'nonce'; form-action 'self' https://app.example; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  test('shows as text what others have written', async () => {
    const { signIn, show } = serving()
    expect(await (await show()).text()).not.toContain('<i>Co')
    const { text } = await signIn({ ...good, state: '"><script>' })
    for (const markup of ['<i>Co', '<b>', '<script']) expect(text).not.toContain(markup)
    expect(text).toContain('Ledger &amp; &lt;i&gt;Co&lt;/i&gt;')
  })

  test('speaks the language of whoever reads it', async () => {
    const response = await serving().show(good, { 'accept-language': 'fr-CA, en;q=0.5' })
    expect(response.headers.get('content-language')).toBe('fr')
    expect(await response.text()).toContain('Se connecter')
    expect(preferredLocale('de, en;q=0.2, fr;q=0.1')).toBe('en')
    expect(preferredLocale(undefined)).toBe('en')
  })

  test('has words in both languages for all that a person can give', () => {
    for (const { scopes } of Object.values(words)) expect(Object.keys(scopes)).toEqual([...delegableScopes])
  })
})

describe('signing in', () => {
  test('leads to the question, with a cookie that no script and no other site gets at', async () => {
    const { response, text } = await serving().signIn()
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toBe(
      '__Host-consent=at; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Strict',
    )
    for (const told of ['ada@example.org', 'app.example', words.en.scopes.account ?? 'missing'])
      expect(text).toContain(told)
  })

  test.each([
    ['wrong', 400, words.en.faults.wrong],
    ['often', 429, words.en.faults.throttled],
  ])('with a password that is %s says so and lets nobody in', async (password, status, told) => {
    const request = String(new URLSearchParams(good))
    const form = { step: 'sign-in', request, email: 'ada@example.org', password }
    const response = await serving().post(form)
    expect([response.status, response.headers.get('set-cookie')]).toEqual([status, null])
    const text = await response.text()
    expect(text).toContain(told)
    expect(text).not.toContain(`value="${password}"`)
  })
})

test('whoever signs in and has nothing to give leaves no sign-in behind', async () => {
  const { signIn, ended } = serving({ scopesOfPerson: [] })
  const { response } = await signIn()
  expect(answerIn(response)).toMatchObject({ error: 'access_denied', state: 's&1', iss: own })
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(ended).toEqual([[ada.session, ada.id]])
})

describe('the decision', () => {
  test('to allow gives the client a code, once: the sign-in is over with it', async () => {
    const { signIn, post, given } = serving()
    const { form } = await signIn()
    const response = await post({ ...form, decision: 'allow' }, cookie)
    expect(response.status).toBe(303)
    expect(answerIn(response)).toEqual({ tenant: '1', code: 'the-code', iss: own, state: 's&1' })
    expect(response.headers.get('set-cookie')).toContain('__Host-consent=; Max-Age=0')
    expect(given).toEqual([
      {
        clientId: 'app',
        redirectUri: callback,
        scopes: ['account', 'orders:read'],
        codeChallenge: challenge,
        sessionId: ada.session,
        endsSession: true,
      },
    ])
  })

  test.each(['deny', '', 'ALLOW'])('%j is none to allow, and ends the sign-in', async (decision) => {
    const { signIn, post, given, ended } = serving()
    const { form } = await signIn()
    // A button that is pressed twice says the same twice.
    for (const again of [false, true]) {
      const response = await post({ ...form, decision }, cookie)
      const told = { error: 'access_denied', state: 's&1', iss: own }
      expect([again, answerIn(response)]).toMatchObject([again, told])
      expect(response.headers.get('set-cookie')).toContain('__Host-consent=; Max-Age=0')
    }
    expect(given).toEqual([])
    expect(ended).toEqual([[ada.session, ada.id]])
  })

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['from another origin', {}, { origin: 'https://evil.example', 'sec-fetch-site': '' }],
    ['from a sandboxed page', {}, { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from a sandboxed page of an old browser', {}, { origin: 'null', 'sec-fetch-site': '' }],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from a host beside ours', {}, { 'sec-fetch-site': 'same-site' }],
    ['without the token of the page', { token: '' }, {}],
    ['with another token', { token: 't'.repeat(43) }, {}],
    [
      'about something else than was shown',
      { request: String(new URLSearchParams({ ...good, scope: 'orders:write' })) },
      {},
    ],
  ])('%s is not heard', async (_what, more, headers) => {
    const { signIn, post, given } = serving()
    const { form } = await signIn()
    const response = await post({ ...form, decision: 'allow', ...more }, { ...cookie, ...headers })
    expect([response.status, locationOf(response), given]).toEqual([403, '', []])
  })

  test('of nobody who has signed in leads back to signing in', async () => {
    const { signIn, post, given } = serving()
    const { form } = await signIn()
    const none = ['', '__Host-consent=stolen', 'x__Host-consent=at', '__Host-consent=at; __Host-consent=at']
    for (const headers of none.map((text) => ({ cookie: text }))) {
      const response = await post({ ...form, decision: 'allow' }, headers)
      expect(await response.text()).toContain('name="password"')
    }
    expect(given).toEqual([])
  })

  test.each<[string, Partial<Actor>]>([
    ['a machine', { kind: 'client' }],
    ['a guest', { kind: 'guest' }],
    ['a third party', { via: 'app' }],
  ])('is not for %s to take', async (_who, more) => {
    const { post, given } = serving({ actor: { ...ada, ...more } })
    const form = { step: 'decision', request: String(new URLSearchParams(good)), decision: 'allow' }
    expect(await (await post(form, cookie)).text()).toContain('name="password"')
    expect(given).toEqual([])
  })
})
