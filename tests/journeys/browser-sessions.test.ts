// A browser's visit: a cookie instead of tokens, from the guest's first look to the end of the session.
import { beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { services } from '@comptoir/contracts/app'
import { createTokenIssuer } from '@comptoir/service-kit/actor-token'
import { createClient } from '@comptoir/service-kit/client'
import { exportJWK } from 'jose'
import { sharedBrowser } from '../browser/browser.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'
import { cookieJar, type CookieJar } from './cookie-jar.ts'
import { registeredUrls, registerKey } from './registered.ts'

const name = '__Host-session'
const password = 'a long enough password'
let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

const at = (path: string) => `${stack.gatewayUrl}${path}`
const open = async (jar: CookieJar, how: string, body: object = {}): Promise<Record<string, unknown>> => {
  const answer = await jar.ask(at(`/session/${how}`), { body })
  expect([how, answer.status]).toEqual([how, 201])
  return answer.body as Record<string, unknown>
}
const who = async (jar: CookieJar) => (await jar.ask(at('/session'))).body
const newPerson = () => ({ email: `ada.${crypto.randomUUID()}@example.org`, password, name: 'Ada' })
const cartOf = async (jar: CookieJar) =>
  ((await jar.ask(at('/v1/cart'))).body as { lines: { quantity: number }[] }).lines

test('a guest with a cookie fills a cart, which follows them when they sign in; no answer has a token', async () => {
  const jar = cookieJar()
  const guest = await open(jar, 'createGuest')
  expect(Object.keys(guest)).toEqual(['kind', 'subject', 'expiresAt'])
  expect(jar.attributesOf(name)).toEqual(['Max-Age=2592000', 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax'])
  const [product] = stack.products
  const line = { variantId: product?.variantId, quantity: 2 }
  expect((await jar.ask(at('/v1/cart/lines'), { body: line })).status).toBe(200)

  const person = await open(jar, 'register', newPerson())
  expect(Object.keys(person)).toEqual(['kind', 'subject', 'expiresAt'])
  const { kind, subject } = person
  expect(await who(jar)).toMatchObject({ kind, subject })
  const lines = await until('the cart has followed', async () => {
    const found = await cartOf(jar)
    return found.length === 0 ? undefined : found
  })
  expect(lines.map(({ quantity }) => quantity)).toEqual([2])
})

test('each sign-in has a cookie and a session of its own, and what a browser had before is worth nothing', async () => {
  const jar = cookieJar()
  await open(jar, 'createGuest')
  const fixed = cookieJar(jar.cookies)
  const person = newPerson()
  await open(jar, 'register', person)
  expect(jar.cookies.get(name)).not.toBe(fixed.cookies.get(name))
  // Whoever gave the guest their cookie has none of the person's.
  const answer = await fixed.ask(at('/v1/me'))
  expect([answer.status, fixed.cookies.has(name)]).toEqual([401, false])

  const before = jar.cookies.get(name)
  const { email } = person
  await open(jar, 'login', { email, password })
  expect(jar.cookies.get(name)).not.toBe(before)
  expect((await cookieJar(new Map([[name, before ?? '']])).ask(at('/session'))).status).toBe(401)
})

test('a browser that proves again who it is has its session under another cookie, and the proof counts at once', async () => {
  const jar = cookieJar()
  const { subject } = await open(jar, 'register', newPerson())
  const before = cookieJar(jar.cookies)
  const refused = await jar.ask(at('/session/reauthenticate'), { body: { password: 'a wrong one' } })
  expect([refused.status, jar.cookies.get(name)]).toEqual([401, before.cookies.get(name) ?? ''])
  const idsOf = async () => {
    const { items } = (await jar.ask(at('/v1/me/sessions'))).body as { items: { id: string }[] }
    return items.map(({ id }) => id)
  }
  const known = await idsOf()
  const proved = await open(jar, 'reauthenticate', { password })
  expect(Object.keys(proved)).toEqual(['kind', 'subject', 'expiresAt'])
  expect(proved['subject']).toBe(subject as string)
  expect(await idsOf()).toEqual(known)
  expect(jar.cookies.get(name)).not.toBe(before.cookies.get(name))
  expect((await before.ask(at('/v1/me'))).status).toBe(401)
  expect((await jar.ask(at('/v1/me/export'), { body: {} })).status).toBe(200)
})

test('two people behind one edge get their own, whatever is kept there', async () => {
  const jars = [cookieJar(), cookieJar()]
  const people = await Promise.all(jars.map((jar) => open(jar, 'register', newPerson())))
  for (let round = 0; round < 3; round += 1)
    for (const [index, jar] of jars.entries()) {
      const me = await jar.ask(at('/v1/me'))
      expect((me.body as { id: string }).id).toBe(people[index]?.['subject'] as string)
      expect(me.headers.get('cache-control')).toBe('no-store')
      const slug = stack.products[0]?.slug ?? ''
      expect((await jar.ask(at(`/v1/products/${slug}`))).headers.get('cache-control')).toBe('no-store')
    }
  expect((await ask(at('/v1/me'))).status).toBe(401)
})

test('signing out ends it at once, and takes the cookie back', async () => {
  const jar = cookieJar()
  await open(jar, 'register', newPerson())
  const copy = cookieJar(jar.cookies)
  expect((await jar.ask(at('/session'), { method: 'DELETE' })).status).toBe(204)
  expect(jar.cookies.size).toBe(0)
  expect((await copy.ask(at('/v1/me'))).status).toBe(401)
  expect(await who(jar)).toEqual({ kind: 'anonymous', subject: null, expiresAt: null })
})

test('a session that ends elsewhere is over here as soon as the edge has heard of it', async () => {
  const jar = cookieJar()
  await open(jar, 'register', newPerson())
  const cookieHash = createHash('sha256')
    .update(jar.cookies.get(name) ?? '')
    .digest('hex')
  expect((await jar.ask(at('/v1/me'))).status).toBe(200)
  // Another gateway, as far as identity can tell.
  const { kid, privateKey, publicKey } = await registerKey(stack.natsUrl, 'gateway')
  const issueToken = createTokenIssuer('gateway', { kid, privateKey, publicJwk: await exportJWK(publicKey) })
  const url = (await registeredUrls(stack.natsUrl)).get('identity') ?? ''
  const pick = () => ({ url, release: () => undefined, failed: () => undefined, answered: () => false })
  const other = createClient({ self: 'gateway', issueToken, pick }, 'identity', services.identity)
  await until('it is let in', () =>
    other.closeBrowserSession({ cookieHash }, { actor: { kind: 'service', id: 'gateway', scopes: [] } }),
  )
  await until('the edge has heard', async () =>
    (await cookieJar(jar.cookies).ask(at('/v1/me'))).status === 401 ? true : undefined,
  )
})

describe('in Chromium', () => {
  const post = (url: string, init: string) =>
    `fetch(${JSON.stringify(url)}, { method: 'POST', credentials: 'include', ${init} })
       .then(async (r) => [r.type, r.status, await r.text()], (e) => [e.name])`
  const json = "headers: { 'content-type': 'application/json' }"

  test('a page of ours signs in and writes, without seeing the cookie; another’s page changes nothing', async () => {
    await using page = await (await sharedBrowser()).open()
    const shown = new Response('<!doctype html><title>Another shop</title>', {
      headers: { 'content-type': 'text/html' },
    })
    await using other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => shown.clone() })
    // The one page whose rules let a script call the gateway.
    await page.goTo(at('/docs'))
    const person = newPerson()
    const register = `body: ${JSON.stringify(JSON.stringify(person))}, ${json}`
    const signedIn = await page.evaluate(post(at('/session/register'), register))
    expect(signedIn).toEqual(['basic', 201, expect.stringContaining('"kind":"customer"') as string])
    const rename = (to: string) =>
      `fetch(${JSON.stringify(at('/v1/me'))}, { method: 'PATCH', credentials: 'include', ${json}, body: '{"name":"${to}"}' })
         .then((r) => r.status, (e) => e.name).then((told) => [told, document.cookie])`
    expect(await page.evaluate(rename('Countess'))).toEqual([200, ''])

    // The other port has the same cookies: only what the browser says of the page keeps it out.
    await page.goTo(`http://127.0.0.1:${other.port}/`)
    expect([...(await page.cookies()).keys()]).toEqual([name])
    const order = at('/trpc/identity.updateMe')
    const blunt = post(order, `mode: 'no-cors', body: '{"name":"Mallory"}'`)
    expect(await page.evaluate(blunt)).toEqual(['TypeError'])
    expect(await page.evaluate(rename('Mallory'))).toEqual(['TypeError', ''])
    const read = `fetch(${JSON.stringify(at('/v1/me'))}, { credentials: 'include' }).then((r) => r.text(), (e) => e.name)`
    expect(await page.evaluate(read)).toBe('TypeError')
    await page.evaluate(post(at('/session/createGuest'), `mode: 'no-cors'`))
    await page.goTo(at('/docs'))
    const me = await page.evaluate(read)
    expect(JSON.parse(String(me))).toMatchObject({ email: person.email, name: 'Countess' })
  })
})
