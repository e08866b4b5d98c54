// Whoever gets hold of a dump of the databases finds nothing in it that opens anything.
import { beforeAll, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mailsTo } from '@comptoir/dev/demo/sandbox'
import { fromBase32 } from '../../services/identity/src/security/totp.ts'
import { openDatabases } from '../stack/databases.ts'
import { dumpOf, tablesHolding } from '../stack/dump.ts'
import { enter, fillCart, place } from '../stack/purchase.ts'
import { codeOf } from '../stack/second-factor.ts'
import { sharedStack } from '../stack/shared-stack.ts'
import type { TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask } from './ask.ts'
import { consentAt } from './consenting.ts'
import { cookieJar } from './cookie-jar.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await sharedStack()
})

/** By what they are. */
type Found = Readonly<Record<string, string>>
const secret = () => `${crypto.randomUUID()} ${crypto.randomUUID()}`
const callback = 'https://app.example/callback'

const newcomer = () => ({ email: `ada.${crypto.randomUUID()}@example.com`, password: secret(), name: 'Ada' })
type Newcomer = ReturnType<typeof newcomer>

/** The sign-ins of a guest and of a person, with tokens and with cookies. */
const ofSignIns = async (person: Newcomer): Promise<Found & { token: string }> => {
  const guest = await stack.shop('identity', 'createGuest', {})
  const session = await stack.shop('identity', 'register', person)
  const renewed = await stack.shop('identity', 'refresh', { refreshToken: session.refreshToken })
  const visitor = cookieJar()
  await visitor.ask(`${stack.gatewayUrl}/session/createGuest`, { body: {} })
  const jar = cookieJar()
  const { email, password } = person
  await jar.ask(`${stack.gatewayUrl}/session/login`, { body: { email, password } })
  return {
    token: renewed.accessToken,
    password,
    'guest’s access token': guest.accessToken,
    'guest’s refresh token': guest.refreshToken,
    'guest’s cookie': visitor.cookies.get('__Host-session') ?? '',
    'access token': session.accessToken,
    'used refresh token': session.refreshToken,
    'refresh token': renewed.refreshToken,
    cookie: jar.cookies.get('__Host-session') ?? '',
  }
}

/** The tokens of the letters of each kind, as they were sent. */
const ofLetters = async ({ email }: Newcomer, token: string): Promise<Found> => {
  const next = `new.${email}`
  await stack.shop('identity', 'requestEmailVerification', {}, { token })
  await stack.shop('identity', 'requestEmailChange', { email: next }, { token })
  await stack.shop('identity', 'requestPasswordReset', { email })
  const tokenIn = (page: string, recipient: string) =>
    until(`the letter for ${page} has come`, async () => {
      const texts = (await mailsTo(stack.sandboxUrl, recipient)).map(({ text }) => text ?? '')
      return texts.flatMap((text) => new RegExp(`${page}#token=(\\S+)`).exec(text)?.[1] ?? [])[0]
    })
  return {
    'token to verify an address': await tokenIn('verify-email', email),
    'token to change an address': await tokenIn('confirm-email', next),
    'token for a new password': await tokenIn('reset-password', email),
  }
}

const ofSecondFactor = async (token: string): Promise<Found & { totp: string }> => {
  const { secret: totp } = await stack.shop('identity', 'enrolSecondFactor', {}, { token })
  const { recoveryCodes } = await stack.shop(
    'identity',
    'confirmSecondFactor',
    { code: codeOf(totp) },
    { token },
  )
  const bytes = Buffer.from(fromBase32(totp))
  return {
    totp,
    'bytes of the second factor’s secret': bytes.toString('hex'),
    'those bytes in base64': bytes.toString('base64').replaceAll('=', ''),
    ...Object.fromEntries(recoveryCodes.map((code, nth) => [`recovery code ${nth}`, code])),
  }
}

/** A key, a client, and what a person lets the client do, up to a code that is not exchanged yet and one that is. */
const ofMachines = async (person: Newcomer): Promise<Found> => {
  const staff = { token: stack.staffToken }
  const scopes = ['orders:read' as const]
  const { key } = await stack.shop('identity', 'createApiKey', { name: 'Till', scopes, networks: [] }, staff)
  const input = { name: 'App', redirectUris: [callback], scopes: ['account' as const] }
  const made = await stack.shop('identity', 'createApiClient', { ...input, type: 'confidential' }, staff)
  const clientSecret = made.secret ?? ''
  const verifier = `${crypto.randomUUID()}${crypto.randomUUID()}`
  const authorize = async () => {
    const url = new URL(`${stack.gatewayUrl}/oauth/authorize`)
    const asked = {
      client_id: made.id,
      redirect_uri: callback,
      response_type: 'code',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }
    url.search = String(new URLSearchParams(asked))
    const sentTo = await consentAt(url, { ...person, decision: 'allow' })
    return sentTo.searchParams.get('code') ?? ''
  }
  const [code, used] = [await authorize(), await authorize()]
  const form = {
    grant_type: 'authorization_code',
    code: used,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  const exchanged = await ask(`${stack.gatewayUrl}/oauth/token`, {
    body: String(new URLSearchParams({ ...form, client_id: made.id, client_secret: clientSecret })),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const tokens = exchanged.body as { access_token: string; refresh_token: string }
  return {
    'API key': key,
    'client’s secret': clientSecret,
    'authorization code': code,
    'used authorization code': used,
    'client’s verifier': verifier,
    'third party’s access token': tokens.access_token,
    'third party’s refresh token': tokens.refresh_token,
  }
}

/** Of the card’s provider, asked for twice with one key. */
const ofPayment = async (): Promise<Found> => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const { id: orderId } = await place(stack.shop, shopper)
  const options = { token: shopper.token, idempotencyKey: crypto.randomUUID() }
  await stack.shop('payments', 'startPayment', { orderId }, options)
  const { stripe } = await stack.shop('payments', 'startPayment', { orderId }, options)
  return { 'card provider’s client secret': stripe?.clientSecret ?? '' }
}

/** Settings of the processes that nobody shows to anybody. */
const ofOperator = (): Found => {
  const { stripePublishableKey: _shown, twilioAccountSid: _named, ...kept } = stack.secrets
  return kept
}

test('no secret of any kind is in a dump of all tables of all databases', async () => {
  const person = newcomer()
  const { token, ...signIns } = await ofSignIns(person)
  const found: Found = {
    ...signIns,
    ...(await ofLetters(person, token)),
    ...(await ofMachines(person)),
    ...(await ofSecondFactor(token)),
    ...(await ofPayment()),
    ...ofOperator(),
  }
  await using databases = openDatabases(stack.databaseUrl)
  const dump = await dumpOf(databases)
  // What is no secret is found, so that nothing is missed for want of looking.
  expect(tablesHolding(dump, person.email)).toContain('identity public.users')
  for (const [kind, value] of Object.entries(found))
    expect([kind, value.length >= 8, tablesHolding(dump, value)]).toEqual([kind, true, []])
  const text = dump.map((table) => table.text).join('\n')
  // The public half is there to be seen; `d` is the private one (RFC 7518, 6.2.2.1).
  expect(text).toMatch(/"kty\W+EC"/)
  expect(text).not.toMatch(/"d\W{1,8}[\w-]{43}\W/)
}, 180_000)
