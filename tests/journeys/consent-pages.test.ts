// The pages of /oauth/authorize as a person in Chromium meets them, on the way from a third party and back.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import * as client from 'openid-client'
import { sharedBrowser, type Browser } from '../browser/browser.ts'
import type { Page } from '../browser/page.ts'
import { openAccount, password } from '../stack/second-factor.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'

const cookie = '__Host-consent'

let stack: TestStack
let browser: Browser
let config: client.Configuration
let email: string
let staff: { readonly token: string }

/** The third party's site, and one that has nothing to do with it. */
const site = (title: string) => {
  const asked: string[] = []
  const page = `<!doctype html><title>${title}</title><link rel="icon" href="data:,">`
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) => {
      asked.push(url)
      return new Response(page, { headers: { 'content-type': 'text/html' } })
    },
  })
  return { asked, origin: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}
const ledger = site('Ledger')
const elsewhere = site('Elsewhere')

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([sharedStack(), sharedBrowser()])
  const { shop, staffToken } = stack
  const account = await openAccount(shop)
  email = account.email
  const { id: userId } = await shop('identity', 'getMe', {}, account)
  await shop('identity', 'setUserRole', { userId, role: 'staff' }, { token: staffToken })
  staff = { token: (await shop('identity', 'login', { email, password })).accessToken }
  const { id } = await shop(
    'identity',
    'createApiClient',
    {
      name: 'Ledger & Co',
      type: 'public',
      redirectUris: ['http://127.0.0.1/callback'],
      scopes: ['account', 'orders:read', 'orders:write'],
    },
    { token: staffToken },
  )
  config = await client.discovery(new URL(stack.gatewayUrl), id, undefined, client.None(), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })
})
afterAll(() => Promise.all([ledger.stop(), elsewhere.stop()]))

/** Where the third party sends the browser. */
const begin = async (scope = 'account orders:read') => {
  const verifier = client.randomPKCECodeVerifier()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${ledger.origin}/callback`,
    scope,
    state: 'the state',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return { verifier, url: url.href }
}

const textsOf = (page: Page, selector: string) =>
  page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((found) => found.innerText.trim())`,
  )

/** What somebody reads on the page where they sign in, and on the one where they are asked. */
const readThrough = async (page: Page, url: string) => {
  await page.goTo(url)
  const signIn = { title: await page.evaluate('document.title'), said: await textsOf(page, 'p') }
  await page.type('[name=email]', email)
  await page.type('[name=password]', password)
  await page.follow('form button')
  return {
    signIn,
    language: await page.evaluate('document.documentElement.lang'),
    title: await page.evaluate('document.title'),
    scopes: await textsOf(page, 'li'),
    told: await textsOf(page, 'dd'),
    buttons: await textsOf(page, 'button'),
  }
}

const landedAt = async (page: Page) => new URL(String(await page.evaluate('location.href')))

const sessionsOf = async () => {
  const { items } = await stack.shop('identity', 'listSessions', {}, staff)
  return items.map(({ id }) => id).toSorted()
}

/** That all went without a word of the browser, and nothing came from anywhere else. */
const expectPeace = (page: Page): void => {
  expect(page.complaints).toEqual([])
  const origins = new Set(page.requests.map((url) => new URL(url).origin))
  origins.delete('null')
  expect([...origins]).toEqual([stack.gatewayUrl, ledger.origin])
}

test('in English: who signs in and allows lands at the third party, with a code that works once', async () => {
  await using page = await browser.open({ language: 'en-GB' })
  const before = await sessionsOf()
  const { verifier, url } = await begin()
  expect(await readThrough(page, url)).toEqual({
    signIn: { title: 'Sign in', said: ['Sign in to go on to Ledger & Co.'] },
    language: 'en',
    title: 'Let Ledger & Co in?',
    scopes: ['See and change your profile, your cart and your orders', 'See every customer’s orders'],
    told: [`Ada Lovelace (${email})`, new URL(ledger.origin).host],
    buttons: ['Allow', 'Deny'],
  })
  // Our own style is the one thing that the rules of the page let in.
  expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).toBe('416px')
  await page.follow('button[value=allow]')
  const landed = await landedAt(page)
  expect(`${landed.origin}${landed.pathname}`).toBe(`${ledger.origin}/callback`)
  expect((await page.cookies()).has(cookie)).toBe(false)
  expectPeace(page)

  const exchange = () =>
    client.authorizationCodeGrant(config, landed, { pkceCodeVerifier: verifier, expectedState: 'the state' })
  const { access_token: token, scope } = await exchange()
  expect(scope).toBe('account orders:read')
  expect((await ask(`${stack.gatewayUrl}/v1/me`, { token })).body).toMatchObject({ email })
  expect(await exchange().catch((error: unknown) => (error as { error?: unknown }).error)).toBe(
    'invalid_grant',
  )
  // A code that is shown twice ends what it gave, so that nothing is left but what was there.
  expect(await sessionsOf()).toEqual(before)
})

test('in French: who declines lands at the third party without a code, and the sign-in of the page is over', async () => {
  await using page = await browser.open({ language: 'fr-FR' })
  const before = await sessionsOf()
  const { url } = await begin('account orders:write')
  expect(await readThrough(page, url)).toEqual({
    signIn: { title: 'Se connecter', said: ['Connectez-vous pour continuer vers Ledger & Co.'] },
    language: 'fr',
    title: 'Autoriser Ledger & Co ?',
    scopes: [
      'Voir et modifier votre profil, votre panier et vos commandes',
      'Modifier les commandes de tous les clients',
    ],
    told: [`Ada Lovelace (${email})`, new URL(ledger.origin).host],
    buttons: ['Autoriser', 'Refuser'],
  })
  const token = (await page.cookies()).get(cookie)
  expect((await ask(`${stack.gatewayUrl}/v1/me`, { token })).status).toBe(200)
  const fields = await page.evaluate(
    "Object.fromEntries([...document.querySelectorAll('input')].map(({ name, value }) => [name, value]))",
  )

  await page.follow('button[value=deny]')
  const { searchParams: told } = await landedAt(page)
  expect([told.get('error'), told.get('state'), told.has('code')]).toEqual([
    'access_denied',
    'the state',
    false,
  ])
  expectPeace(page)
  expect((await page.cookies()).has(cookie)).toBe(false)
  expect(await sessionsOf()).toEqual(before)

  // Nobody who finds what the browser had changes the answer, or is let in by it.
  const again = await ask(`${stack.gatewayUrl}/oauth/authorize`, {
    body: String(new URLSearchParams({ ...(fields as Record<string, string>), decision: 'allow' })),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      cookie: `${cookie}=${token}`,
    },
  })
  expect([again.status, again.headers.get('location')]).toEqual([200, null])
  expect(again.text).toContain('name="password"')
  await until('the edge has heard of it', async () =>
    (await ask(`${stack.gatewayUrl}/v1/me`, { token })).status === 401 ? true : undefined,
  )
})

describe('the rules of the page', () => {
  test('keep out scripts, whatever they would load, and forms that lead elsewhere', async () => {
    await using page = await browser.open()
    await page.goTo((await begin()).url)
    const refused = await page.evaluate(`(async () => {
      const refused = []
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective))
      const add = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more))
      add('script', { textContent: 'window.ran = true' })
      add('script', { src: '${elsewhere.origin}/script' })
      add('img', { src: '${elsewhere.origin}/image' })
      add('iframe', { src: '${elsewhere.origin}/frame' })
      add('form', { action: '${elsewhere.origin}/form', method: 'post', id: 'stray' })
      await fetch('${elsewhere.origin}/fetch').catch(() => undefined)
      document.getElementById('stray').submit()
      while (refused.length < 6) await new Promise((resolve) => setTimeout(resolve, 20))
      return [refused.toSorted(), window.ran === undefined]
    })()`)
    const directives = [
      'connect-src',
      'form-action',
      'frame-src',
      'img-src',
      'script-src-elem',
      'script-src-elem',
    ]
    expect(refused).toEqual([directives, true])
    expect(elsewhere.asked).toEqual([])
  })
})
