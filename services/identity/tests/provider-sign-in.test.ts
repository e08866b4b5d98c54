import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { anonymous } from '@comptoir/contracts/access'
import { emailVerified, userRegistered, userSignedIn } from '@comptoir/contracts/identity/events'
import { providerSignInProcedures } from '@comptoir/contracts/identity/provider-sign-in'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { client, freePort, startOpenIdProvider } from './open-id-provider.ts'

const returnTo = '/account?tab=orders'
const callback = (provider: string) => `https://shop.example/auth/${provider}/callback`
const [portA, portB, portC] = [await freePort(), await freePort(), await freePort()]
const setting = (id: string, port: number) => ({
  id,
  issuer: `http://127.0.0.1:${port}`,
  clientId: client.id,
  clientSecret: client.secret,
})
const clock = frozenClock('2026-11-20T10:00:00.000Z')
const config = Config.parse({
  DATABASE_URL: 'postgres://elsewhere',
  NATS_URL: 'nats://elsewhere',
  KEY_ENCRYPTION_SECRET: 'x'.repeat(32),
  OIDC_PROVIDERS: JSON.stringify([
    { ...setting('first', portA), name: 'The First' },
    setting('second', portB),
    setting('late', portC),
  ]),
})
const starting = startTestService(app(config), { clock })
let service: Awaited<typeof starting>
let first: Awaited<ReturnType<typeof startOpenIdProvider>>
let second: typeof first
beforeAll(async () => {
  first = await startOpenIdProvider({ redirectUri: callback('first'), port: portA })
  second = await startOpenIdProvider({
    redirectUri: callback('second'),
    port: portB,
    tellsInIdToken: true,
  })
  service = await starting
})
afterAll(async () => {
  await service.stop()
  await first.stop()
  await second.stop()
})

const { expectRefusal, unseen } = refusals(providerSignInProcedures)
const edge = () => service.as(serviceActor('gateway'))
const binding = 'b'.repeat(43)
const begin = async (provider = 'first', guestId: string | null = null) => {
  const input = { provider, redirectUri: callback(provider), returnTo, binding, guestId }
  return (await edge().startProviderSignIn(input)).location
}
const end = (query: string, more: { provider?: string; binding?: string } = {}) => {
  const { provider = 'first' } = more
  const given = { provider, redirectUri: callback(provider), binding, query, ...more }
  return edge().finishProviderSignIn(given)
}
const newPerson = () => {
  const sub = crypto.randomUUID()
  return { sub, email: `ada.${sub}@example.org`, email_verified: true, name: 'Ada', locale: 'fr-FR' }
}
type Person = Parameters<typeof first.visit>[1]
const dance = async (person: Person) => end(await first.visit(await begin(), person))
const whoIs = async ({ refreshToken }: { refreshToken: string | null }) =>
  service.as(anonymous).refresh({ refreshToken: refreshToken ?? '' })
const register = async (email: string, { verified = false, role = 'customer' } = {}) => {
  const password = 'correct horse battery'
  const { subject } = await service.as(anonymous).register({ email, password, name: 'Ada' })
  await service.sql`update users set role = ${role}, email_verified_at = ${verified ? clock.now() : null} where id = ${subject}`
  return subject
}
const refuse = (call: Promise<unknown>, code: string) => expectRefusal(call, 'finishProviderSignIn', code)
const linksOf = async (sub: string) =>
  (
    await service.sql<
      { user: string }[]
    >`select user_id as user from external_identities where subject = ${sub}`
  ).map(({ user }) => user)

describe('who they become', () => {
  test('somebody new gets an account with the address that the provider has verified, and the guest’s things', async () => {
    const guestId = crypto.randomUUID()
    const person = newPerson()
    const signedIn = await end(await first.visit(await begin('first', guestId), person))
    expect(signedIn.returnTo).toBe(returnTo)
    const { subject, kind } = await whoIs(signedIn)
    expect(kind).toBe('customer')
    const [row] =
      await service.sql`select email, name, locale, password_hash, email_verified_at from users where id = ${subject}`
    expect(row).toEqual({
      email: person.email,
      name: 'Ada',
      locale: 'fr',
      password_hash: null,
      email_verified_at: clock.now(),
    })
    expect(await linksOf(person.sub)).toEqual([subject])
    const told = await service.probe.next(userSignedIn, ({ data }) => data.userId === subject)
    expect(told.data.guestId).toBe(guestId)
    await service.probe.next(userRegistered, ({ data }) => data.userId === subject)
    const proof = await service.probe.next(emailVerified, ({ data }) => data.userId === subject)
    expect(proof).toMatchObject({ version: 3, data: { email: person.email } })
    const entries =
      await service.sql`select action from audit_entries where target = ${subject} order by sequence`
    expect(entries.map(({ action }) => action as string)).toEqual(['account.registered', 'session.opened'])
  })

  test('somebody who comes again is who they were, even under another address', async () => {
    const person = newPerson()
    const before = await whoIs(await dance(person))
    const { email } = newPerson()
    const after = await whoIs(await dance({ ...person, email, email_verified: false }))
    expect(after.subject).toBe(before.subject)
  })

  test('a customer whose address both sides have verified is linked, and it is written down', async () => {
    const person = newPerson()
    const subject = await register(person.email.toUpperCase(), { verified: true })
    expect((await whoIs(await dance(person))).subject).toBe(subject)
    const entries =
      await service.sql`select action from audit_entries where target = ${subject} order by sequence`
    expect(entries.map(({ action }) => action as string)).toEqual([
      'account.registered',
      'account.linked',
      'session.opened',
    ])
  })

  test('an address that was never verified there links nothing and makes nothing', async () => {
    const claimed = newPerson()
    await register(claimed.email, { verified: true })
    await refuse(dance({ ...claimed, email_verified: false }), 'PROVIDER_EMAIL_UNVERIFIED')
    const nobody = newPerson()
    await refuse(dance({ ...nobody, email_verified: false }), 'PROVIDER_EMAIL_UNVERIFIED')
    await refuse(dance({ sub: nobody.sub }), 'PROVIDER_EMAIL_UNVERIFIED')
    for (const { sub } of [claimed, nobody]) expect(await linksOf(sub)).toEqual([])
  })

  test('nobody gets at the staff by an address', async () => {
    for (const role of ['staff', 'admin', 'order-desk']) {
      const person = newPerson()
      await register(person.email, { verified: true, role })
      await refuse(dance(person), 'ACCOUNT_NOT_LINKABLE')
      expect(await linksOf(person.sub)).toEqual([])
    }
  })

  test('staff who were linked before come in with a second factor of ours only, and without it have no rights', async () => {
    const person = newPerson()
    const { subject } = await whoIs(await dance(person))
    await service.sql`update users set role = 'admin' where id = ${subject}`
    await refuse(dance(person), 'ACCOUNT_NOT_LINKABLE')
    await service.sql`insert into totp_factors values (${subject}, 'sealed', now(), 0, now())`
    const { accessToken, kind } = await whoIs(await dance(person))
    expect([kind, decodeJwt<{ scopes: string[] }>(accessToken).scopes]).toEqual(['admin', []])
  })

  test('linking ends what was open: whoever was in before need not be who the provider knows', async () => {
    const person = newPerson()
    const subject = await register(person.email, { verified: true })
    await dance(person)
    const open = await service.sql`select 1 from sessions where subject_id = ${subject} and ended_at is null`
    expect(open).toHaveLength(1)
  })

  test('a disabled account stays closed, linked or not', async () => {
    const person = newPerson()
    const { subject } = await whoIs(await dance(person))
    await service.sql`update users set disabled_at = now() where id = ${subject}`
    await refuse(dance(person), 'ACCOUNT_CLOSED')
    const other = newPerson()
    const id = await register(other.email, { verified: true })
    await service.sql`update users set disabled_at = now() where id = ${id}`
    await refuse(dance(other), 'ACCOUNT_CLOSED')
    expect(await linksOf(other.sub)).toEqual([])
  })
})

describe('what comes back', () => {
  test('works once, also where two show it at once', async () => {
    const query = await first.visit(await begin(), newPerson())
    const results = await Promise.allSettled([end(query), end(query), end(query)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await refuse(end(query), 'SIGN_IN_INVALID')
  })

  test('is worth nothing in another browser, under another state, at another provider’s address or too late', async () => {
    const visit = async () => first.visit(await begin(), newPerson())
    await refuse(end(await visit(), { binding: 'c'.repeat(43) }), 'SIGN_IN_INVALID')
    await refuse(end((await visit()).replace(/state=[^&]*/, 'state=x')), 'SIGN_IN_INVALID')
    await refuse(end((await visit()).replace(/state=[^&]*/, '')), 'SIGN_IN_INVALID')
    await refuse(end(await visit(), { provider: 'second' }), 'SIGN_IN_INVALID')
    await refuse(end(await visit(), { provider: 'none' }), 'PROVIDER_UNKNOWN')
    const late = await visit()
    clock.advance(10 * 60_000)
    await refuse(end(late), 'SIGN_IN_INVALID')
  })

  test('must say which provider it is from, and be from that', async () => {
    const visit = async () => first.visit(await begin(), newPerson())
    const elsewhere = encodeURIComponent(second.issuer)
    await refuse(end((await visit()).replace(/iss=[^&]*/, `iss=${elsewhere}`)), 'PROVIDER_ANSWER_INVALID')
    await refuse(end((await visit()).replace(/&?iss=[^&]*/, '')), 'PROVIDER_ANSWER_INVALID')
    const code = new URLSearchParams(await second.visit(await begin('second'), newPerson())).get('code')
    await refuse(end((await visit()).replace(/code=[^&]*/, `code=${code}`)), 'PROVIDER_ANSWER_INVALID')
  })

  test('must answer this very question, with the code’s own verifier', async () => {
    for (const column of ['nonce', 'code_verifier']) {
      const query = await first.visit(await begin(), newPerson())
      await service.sql`update provider_sign_ins set ${service.sql(column)} = ${'x'.repeat(43)}`
      await refuse(end(query), 'PROVIDER_ANSWER_INVALID')
    }
  })

  test('is refused where the ID token was changed on the way', async () => {
    const person = newPerson()
    const query = await second.visit(await begin('second'), person)
    second.alterTokens((token) => {
      const [head, body = '', signature] = token.split('.')
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
      const altered = Buffer.from(JSON.stringify({ ...claims, name: 'Mallory' })).toString('base64url')
      return [head, altered, signature].join('.')
    })
    await refuse(end(query, { provider: 'second' }), 'PROVIDER_ANSWER_INVALID')
    second.alterTokens(undefined)
    const again = await second.visit(await begin('second'), person)
    expect((await end(again, { provider: 'second' })).returnTo).toBe(returnTo)
  })

  test('says so where the person has not signed in', async () => {
    const error = await refuse(dance(undefined), 'SIGN_IN_DECLINED')
    expect(error.data).toEqual({ returnTo })
  })
})

test('a provider that was down when we started is used once it is up, and told apart when it is down again', async () => {
  await expectRefusal(begin('late'), 'startProviderSignIn', 'PROVIDER_UNAVAILABLE')
  const late = await startOpenIdProvider({ redirectUri: callback('late'), port: portC })
  const person = newPerson()
  const query = await late.visit(await begin('late'), person)
  expect((await end(query, { provider: 'late' })).returnTo).toBe(returnTo)
  const next = await late.visit(await begin('late'), person)
  await late.stop()
  await refuse(end(next, { provider: 'late' }), 'PROVIDER_UNAVAILABLE')
})

test('tells which providers there are, and nothing of how we know them', async () => {
  expect(await service.as(anonymous).listSignInProviders({})).toEqual({
    providers: [
      { id: 'first', name: 'The First' },
      { id: 'second', name: 'second' },
      { id: 'late', name: 'late' },
    ],
  })
  await expectRefusal(begin('none'), 'startProviderSignIn', 'PROVIDER_UNKNOWN')
})

test('what is kept of a sign-in is of no use to who reads it', async () => {
  const state = new URL(await begin()).searchParams.get('state') ?? ''
  const [row] = await service.sql`select (select json_agg(s) from provider_sign_ins s)::text as everything`
  expect(row?.['everything']).not.toContain(state)
  expect(row?.['everything']).not.toContain(binding)
  const stateHash = createHash('sha256').update(`${state}.${binding}`).digest('hex')
  const [kept] =
    await service.sql`select code_verifier as verifier from provider_sign_ins where state_hash = ${stateHash}`
  expect(kept?.['verifier']).toMatch(/^aes-256-gcm/)
})

test('a way back that could lead elsewhere is not taken', async () => {
  const elsewhere = [
    '//evil.example',
    String.raw`/\evil.example`,
    'https://evil.example',
    '/\t/evil',
    'account',
    '',
  ]
  const begun = { provider: 'first', redirectUri: callback('first'), binding, guestId: null }
  for (const path of elsewhere)
    await expect(edge().startProviderSignIn({ ...begun, returnTo: path })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
})

/** What is refused to who is signed in already is in provider-links.test.ts and provider-proof.test.ts. */
const isOfHere = (refusal: string) => !/^continue|PROVIDER_(ACCOUNT_|LINKED|PROOF)|FACTOR/.test(refusal)
test('every error that is declared was seen', () => expect(unseen().filter(isOfHere)).toEqual([]))
