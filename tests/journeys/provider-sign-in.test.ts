// By an OpenID provider through the whole shop: a guest who signs in, and somebody signed in who links an account there.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mailsTo } from '@comptoir/dev/demo/sandbox'
import { client, freePort, startOpenIdProvider } from '../../services/identity/tests/open-id-provider.ts'
import { openDatabases } from '../stack/databases.ts'
import { dumpOf } from '../stack/dump.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { cookieJar } from './cookie-jar.ts'

const port = await freePort()
const setting = {
  id: 'first',
  issuer: `http://127.0.0.1:${port}`,
  clientId: client.id,
  clientSecret: client.secret,
}
let stack: TestStack
let provider: Awaited<ReturnType<typeof startOpenIdProvider>>
beforeAll(async () => {
  // The shop starts while its provider is down.
  stack = await startTestStack({ env: { identity: { OIDC_PROVIDERS: JSON.stringify([setting]) } } })
  provider = await startOpenIdProvider({ redirectUri: at('/auth/first/callback'), port })
})
afterAll(async () => {
  await provider?.stop()
  await stack?.stop()
})

const at = (path: string) => `${stack.gatewayUrl}${path}`

test('a guest goes to the provider and comes back as a customer with their cart, and a replay gets nothing', async () => {
  const jar = cookieJar()
  await jar.ask(at('/session/createGuest'), { body: {} })
  const line = { variantId: stack.products[0]?.variantId, quantity: 2 }
  expect((await jar.ask(at('/v1/cart/lines'), { body: line })).status).toBe(200)

  const started = await jar.ask(at('/auth/first/start?returnTo=/account'))
  expect(started.status).toBe(303)
  const sub = crypto.randomUUID()
  const email = `ada.${sub}@example.org`
  const query = await provider.visit(started.headers.get('location') ?? '', {
    sub,
    email,
    email_verified: true,
  })
  const before = cookieJar(jar.cookies)
  const headers = { 'sec-fetch-site': 'cross-site' }
  const back = await jar.ask(at(`/auth/first/callback${query}`), { headers })
  expect([back.status, back.headers.get('location')]).toEqual([303, '/account'])
  expect([...jar.cookies.keys()]).toEqual(['__Host-session'])
  expect((await jar.ask(at('/v1/me'))).body).toMatchObject({ email, role: 'customer' })
  await until('the cart has followed', async () => {
    const { lines } = (await jar.ask(at('/v1/cart'))).body as { lines: { quantity: number }[] }
    return lines[0]?.quantity === 2 ? true : undefined
  })

  const proof = await jar.ask(at('/v1/auth/reauthenticate/provider'), { body: { provider: 'first' } })
  const away = await jar.ask(at((proof.body as { location: string }).location))
  const again = await provider.visit(away.headers.get('location') ?? '', { sub })
  const unproved = cookieJar(jar.cookies)
  const proved = await jar.ask(at(`/auth/first/callback${again}`), { headers })
  expect(proved.headers.get('location')).toBe('/')
  // The session goes on under another cookie, and the one before is worth nothing.
  expect((await jar.ask(at('/v1/me'))).body).toMatchObject({ email })
  expect((await unproved.ask(at('/v1/me'))).status).toBe(401)
  expect((await jar.ask(at('/v1/me/export'), { body: {} })).status).toBe(200)

  const replay = await before.ask(at(`/auth/first/callback${query}`), { headers })
  expect(replay.headers.get('location')).toBe('/?sign_in_error=SIGN_IN_INVALID')
})

test('whoever has a dump while somebody is at the provider has not what redeems their code there', async () => {
  const started = await cookieJar().ask(at('/auth/first/start?returnTo=/'))
  const { searchParams } = new URL(started.headers.get('location') ?? '')
  await using databases = openDatabases(stack.databaseUrl)
  const dump = await dumpOf(databases)
  expect(dump.find(({ name }) => name === 'identity public.provider_sign_ins')?.text).not.toBe('')
  const words = dump.flatMap(({ text }) => text.match(/[\w.~-]{43,128}/g) ?? [])
  // The verifier is known to nobody but identity; what is sent is its hash (RFC 7636, 4.2).
  const challenges = words.map((word) => createHash('sha256').update(word).digest('base64url'))
  expect(searchParams.get('code_challenge_method')).toBe('S256')
  expect(challenges).not.toContain(searchParams.get('code_challenge'))
})

test('somebody signed in links an account at the provider, is told, and unlinks it; no other browser can end it', async () => {
  const [jar, mallory] = [cookieJar(), cookieJar()]
  const newcomer = () => ({
    email: `ada.${crypto.randomUUID()}@example.org`,
    password: 'a long enough password',
    name: 'Ada',
  })
  const ada = newcomer()
  for (const [browser, body] of [
    [jar, ada],
    [mallory, newcomer()],
  ] as const)
    expect((await browser.ask(at('/session/register'), { body })).status).toBe(201)
  const back = { headers: { 'sec-fetch-site': 'cross-site' } }
  const invalid = '/?sign_in_error=SIGN_IN_INVALID'
  const sub = crypto.randomUUID()
  const begin = async () => {
    const body = { provider: 'first', returnTo: '/account' }
    const begun = await jar.ask(at('/v1/me/providers'), { body })
    expect(begun.status).toBe(200)
    return (begun.body as { location: string }).location
  }
  const go = async (location: string) => {
    const away = await jar.ask(at(location))
    return provider.visit(away.headers.get('location') ?? '', { sub })
  }
  const location = await begin()
  expect((await mallory.ask(at(location))).headers.get('location')).toBe(invalid)
  const stolen = await mallory.ask(at(`/auth/first/callback${await go(location)}`), back)
  expect(stolen.headers.get('location')).toBe(invalid)

  const query = await go(await begin())
  const ended = await jar.ask(at(`/auth/first/callback${query}`), back)
  expect([ended.status, ended.headers.get('location')]).toEqual([303, '/account'])
  const listed = await jar.ask(at('/graphql'), {
    body: { query: '{ identityListProviderLinks { items { id provider name } } }' },
  })
  const { items } = (listed.body as { data: { identityListProviderLinks: { items: { id: string }[] } } }).data
    .identityListProviderLinks
  expect(items).toMatchObject([{ provider: 'first', name: 'first' }])
  const path = `/trpc/identity.listProviderLinks?input=${encodeURIComponent('{}')}`
  expect((await mallory.ask(at(path))).body).toMatchObject({ result: { data: { items: [] } } })
  expect((await jar.ask(at(`/v1/me/providers/${items[0]?.id}`), { method: 'DELETE' })).status).toBe(204)
  await until('both letters have come', async () => {
    const subjects = (await mailsTo(stack.sandboxUrl, ada.email)).map(({ subject }) => subject)
    return subjects.filter((subject) => subject?.includes('first')).length === 2 ? true : undefined
  })
})
