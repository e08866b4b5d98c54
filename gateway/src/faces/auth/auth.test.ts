import { expect, test } from 'bun:test'
import { ServiceError } from '@comptoir/contracts/errors'
import { fakeBrowsers, grace } from '../../testing/browser.ts'
import { result, serveEdge } from '../../testing/serve-edge.ts'
import type { ProviderCalls } from './auth.ts'

type Started = Parameters<ProviderCalls['startProviderSignIn']>[0]
type Continued = Parameters<ProviderCalls['continueProviderSignIn']>[0]
type Finished = Parameters<ProviderCalls['finishProviderSignIn']>[0]

const binding = 'b'.repeat(43)
const bound = `__Host-sign-in=${binding}`
const failing = (code: string, data?: unknown) => async () => {
  throw new ServiceError(code, { status: 400, message: 'No.', data })
}

const serve = (answers: Partial<ProviderCalls> = {}) => {
  const browsers = fakeBrowsers()
  const started: Started[] = []
  const continued: Continued[] = []
  const finished: Finished[] = []
  const providerCalls: ProviderCalls = {
    startProviderSignIn: async (input) => {
      started.push(input)
      return { location: 'https://provider.example/authorize?state=s' }
    },
    continueProviderSignIn: async (input) => {
      continued.push(input)
      return { location: 'https://provider.example/authorize?state=t' }
    },
    finishProviderSignIn: async (input) => {
      finished.push(input)
      return { refreshToken: 'rt_provider', returnTo: '/account' }
    },
    ...answers,
  }
  const publicUrl = 'https://shop.example'
  const { fetch } = serveEdge(() => result(null), { browsers, providerCalls, publicUrl })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(path, { headers })
  return { get, browsers, started, continued, finished }
}

test('sends the browser to the provider, bound by a cookie that no script and no other host can touch', async () => {
  const { get, started } = serve()
  const response = await get('/auth/google/start?returnTo=/account')
  expect([response.status, response.headers.get('location')]).toEqual([
    303,
    'https://provider.example/authorize?state=s',
  ])
  expect(started).toMatchObject([
    {
      provider: 'google',
      redirectUri: 'https://shop.example/auth/google/callback',
      returnTo: '/account',
      guestId: null,
    },
  ])
  const cookie = `__Host-sign-in=${started[0]?.binding}; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax`
  expect(response.headers.getSetCookie()).toEqual([cookie])
  await get('/auth/google/start', { cookie: '__Host-session=bs_guest' })
  expect(started[1]).toMatchObject({ returnTo: '/', guestId: 'guest' })
  expect(started[1]?.binding).not.toBe(started[0]?.binding)
})

test('gives the browser that comes back a session in place of the one it had', async () => {
  const { get, browsers, finished } = serve()
  const response = await get('/auth/google/callback?code=c&state=s%2B', {
    cookie: `${bound}; __Host-session=bs_guest`,
    'sec-fetch-site': 'cross-site',
  })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/account'])
  expect(response.headers.getSetCookie()).toEqual([
    '__Host-session=bs_opened; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax',
    '__Host-sign-in=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
  ])
  expect([response.headers.get('cache-control'), response.headers.get('referrer-policy')]).toEqual([
    'no-store',
    'no-referrer',
  ])
  const redirectUri = 'https://shop.example/auth/google/callback'
  expect(finished).toEqual([{ provider: 'google', redirectUri, binding, query: '?code=c&state=s%2B' }])
  expect(browsers.told).toEqual(['opened by rt_provider after guest'])
})

const graced = { cookie: '__Host-session=bs_grace' }
const account = { id: grace.session, subject: grace.subject }

test('what somebody signed in has begun goes on for their own session only, and keeps the session', async () => {
  const state = 's'.repeat(43)
  const { get, browsers, continued, finished } = serve({})
  const gone = await get(`/auth/google/continue?state=${state}`, graced)
  expect([gone.status, gone.headers.get('location')]).toEqual([
    303,
    'https://provider.example/authorize?state=t',
  ])
  const redirectUri = 'https://shop.example/auth/google/callback'
  expect(continued).toMatchObject([{ provider: 'google', redirectUri, state, session: account }])
  for (const [cookie, given] of [
    ['', state],
    ['__Host-session=bs_guest', state],
    ['__Host-session=bs_gone', state],
    [graced.cookie, 'short'],
  ] as const) {
    const response = await get(`/auth/google/continue?state=${given}`, { cookie })
    expect(response.headers.get('location')).toBe('/?sign_in_error=SIGN_IN_INVALID')
  }
  expect(continued).toHaveLength(1)
  await get('/auth/google/callback?code=c&state=t', graced)
  expect(finished).toMatchObject([{ binding: null, session: account }])
  expect(browsers.told).toHaveLength(1)

  const keeping = serve({ finishProviderSignIn: async () => ({ refreshToken: null, returnTo: '/account' }) })
  const back = await keeping.get('/auth/google/callback?code=c&state=t', graced)
  expect(back.headers.get('location')).toBe('/account')
  expect(back.headers.getSetCookie()).toEqual([
    '__Host-sign-in=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
  ])
  expect(keeping.browsers.told).toEqual([])
})

test('a session that is over keeps nobody from signing in', async () => {
  const { get, browsers } = serve()
  const headers = { cookie: `${bound}; __Host-session=bs_gone` }
  expect((await get('/auth/google/callback?code=c', headers)).status).toBe(303)
  expect(browsers.told).toEqual(['opened by rt_provider after undefined'])
})

test('without the cookie of the start, or with two of them, identity is not even asked', async () => {
  const { get, finished } = serve()
  for (const cookie of ['', `${bound}; ${bound}`, '__Host-sign-in=short']) {
    const response = await get('/auth/google/callback?code=c&state=s', { cookie })
    expect(response.headers.get('location')).toBe('/?sign_in_error=SIGN_IN_INVALID')
  }
  const long = `/auth/google/callback?code=${'c'.repeat(9_000)}`
  expect((await get(long, { cookie: bound })).headers.get('location')).toContain('SIGN_IN_INVALID')
  expect(finished).toEqual([])
})

test('what goes wrong is told where the person came from, and gives no session', async () => {
  const refusing = async (code: string, data?: unknown) => {
    const { get, browsers } = serve({ finishProviderSignIn: failing(code, data) })
    const response = await get('/auth/google/callback?code=c', { cookie: bound })
    expect(browsers.told).toEqual([])
    return response.headers.get('location')
  }
  expect(await refusing('PROVIDER_EMAIL_UNVERIFIED', { returnTo: '/account?a=b#c' })).toBe(
    '/account?a=b&sign_in_error=PROVIDER_EMAIL_UNVERIFIED#c',
  )
  expect(await refusing('SIGN_IN_INVALID')).toBe('/?sign_in_error=SIGN_IN_INVALID')
  expect(await refusing('SIGN_IN_DECLINED', { returnTo: '//evil.example' })).toBe(
    '/?sign_in_error=SIGN_IN_DECLINED',
  )
  const { get } = serve({ startProviderSignIn: failing('PROVIDER_UNAVAILABLE') })
  const away = await get('/auth/google/start?returnTo=/account')
  expect(away.headers.get('location')).toBe('/account?sign_in_error=PROVIDER_UNAVAILABLE')
})

test('nobody is sent anywhere but to this site', async () => {
  const { get, started } = serve()
  const elsewhere = [
    '//evil.example',
    String.raw`/\evil.example`,
    'https://evil.example',
    '/\t/evil.example',
    '/a\n',
    '',
  ]
  for (const path of elsewhere)
    expect((await get(`/auth/google/start?returnTo=${encodeURIComponent(path)}`)).status).toBe(400)
  expect(started).toEqual([])
})

test('no other site begins a sign-in, but a storefront that is trusted does', async () => {
  const { get, started } = serve()
  const from = (site: string, referer?: string) =>
    get('/auth/google/start', { 'sec-fetch-site': site, ...(referer === undefined ? {} : { referer }) })
  for (const refused of [from('cross-site'), from('same-site'), from('cross-site', 'https://evil.example/')])
    expect((await refused).status).toBe(403)
  expect(started).toEqual([])
  for (const heard of [from('same-origin'), from('none'), from('cross-site', 'https://storefront.example/')])
    expect((await heard).status).toBe(303)
})

test('a provider that does not exist is told like any other address that does not', async () => {
  const { get } = serve({ startProviderSignIn: failing('PROVIDER_UNKNOWN') })
  for (const path of ['/auth/No!/start', '/auth/google', '/auth/google/elsewhere'])
    expect((await get(path)).status).toBe(404)
  expect((await (await get('/auth/none/start')).json()) as unknown).toMatchObject({
    code: 'PROVIDER_UNKNOWN',
  })
})
