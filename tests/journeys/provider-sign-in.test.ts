// A guest who signs in by an OpenID provider, through the whole shop: to the provider, back, and on with their cart.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { client, freePort, startOpenIdProvider } from '../../services/identity/tests/open-id-provider.ts'
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

  const replay = await before.ask(at(`/auth/first/callback${query}`), { headers })
  expect(replay.headers.get('location')).toBe('/?sign_in_error=SIGN_IN_INVALID')
})
