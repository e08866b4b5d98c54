import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { providerLinked, providerUnlinked } from '@comptoir/contracts/identity/events'
import { providerLinkProcedures } from '@comptoir/contracts/identity/provider-links'
import { providerSignInProcedures } from '@comptoir/contracts/identity/provider-sign-in'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { type Browser, newPerson, openProviderStage, type ProviderStage } from './provider-stage.ts'

const { expectRefusal, unseen } = refusals({ ...providerSignInProcedures, ...providerLinkProcedures })
let stage: ProviderStage
beforeAll(async () => {
  stage = await openProviderStage()
})
afterAll(() => stage?.stop())

const linksOf = async ({ me }: Browser) => (await me.listProviderLinks({})).items
const linkIdOf = async (browser: Browser) => (await linksOf(browser))[0]?.id ?? 'none'
const auditOf = async ({ actor }: Browser) => {
  const rows = await stage.service.sql`
    select action from audit_entries where target = ${actor.id} order by sequence`
  return rows.map(({ action }) => action as string)
}
const refuse = (call: Promise<unknown>, code: string) => expectRefusal(call, 'finishProviderSignIn', code)
const stale = ({ actor }: Browser) => stage.service.as({ ...actor, provedAt: (actor.provedAt ?? 0) - 601 })

describe('linking', () => {
  test('lets somebody in by an account at a provider, whatever its address; they are told, and it is written down', async () => {
    const ada = await stage.register()
    const person = newPerson()
    expect(await stage.link(ada, person)).toEqual({ refreshToken: null, returnTo: '/' })
    expect(await linksOf(ada)).toMatchObject([{ provider: 'first', name: 'first' }])
    const isHers = ({ data }: { data: { userId: string } }) => data.userId === ada.actor.id
    const told = await stage.service.probe.next(providerLinked, isHers)
    expect(told.data).toMatchObject({ email: ada.email, name: 'Ada', locale: 'en', provider: 'first' })
    expect((await auditOf(ada)).at(-1)).toBe('account.linked')
    expect((await stage.signIn(person)).actor.id).toBe(ada.actor.id)
    // The session that asked goes on.
    expect(await linksOf(ada)).toHaveLength(1)
  })

  test('asks for a fresh proof, a provider that there is, and a browser', async () => {
    const ada = await stage.register()
    const start = (me: Browser['me'], provider = 'first') => me.startProviderLink({ provider })
    await expectRefusal(start(stale(ada)), 'startProviderLink', 'REAUTHENTICATION_REQUIRED')
    await expectRefusal(start(ada.me, 'none'), 'startProviderLink', 'PROVIDER_UNKNOWN')
    const withToken = stage.service.as({ ...ada.actor, session: crypto.randomUUID() })
    await expectRefusal(start(withToken), 'startProviderLink', 'BROWSER_SESSION_REQUIRED')
    const third = stage.service.as({ ...ada.actor, via: 'a client', scopes: ['account'] })
    await expectRefusal(start(third), 'startProviderLink', 'FORBIDDEN')
    await expectRefusal(third.listProviderLinks({}), 'listProviderLinks', 'FORBIDDEN')
  })

  test('takes one account at each provider, also where two come back at once', async () => {
    const ada = await stage.register()
    const visits = await Promise.all(
      [newPerson(), newPerson()].map(async (person) => {
        const { location } = await ada.me.startProviderLink({ provider: 'first' })
        return { away: await stage.goOn(location, ada), person }
      }),
    )
    const queries: string[] = []
    for (const { away, person } of visits) queries.push(await stage.providers.first.visit(away, person))
    const results = await Promise.allSettled(queries.map((query) => stage.end(query, ada)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await linksOf(ada)).toHaveLength(1)
    const again = ada.me.startProviderLink({ provider: 'first' })
    await expectRefusal(again, 'startProviderLink', 'PROVIDER_LINKED')
    await stage.link(ada, newPerson(), 'second')
    expect((await linksOf(ada)).map(({ provider }) => provider)).toEqual(['first', 'second'])
  })

  test('gives nobody an account at a provider that is somebody else’s here, and no second one', async () => {
    const person = newPerson()
    const grace = await stage.signIn(person)
    const ada = await stage.register()
    const error = await refuse(stage.link(ada, person), 'PROVIDER_ACCOUNT_TAKEN')
    expect(error.data).toEqual({ returnTo: '/' })
    expect(await linksOf(ada)).toEqual([])
    expect(await linksOf(grace)).toHaveLength(1)

    const { location } = await ada.me.startProviderLink({ provider: 'first' })
    await stage.link(ada, newPerson())
    const other = await stage.providers.first.visit(await stage.goOn(location, ada), newPerson())
    await refuse(stage.end(other, ada), 'PROVIDER_LINKED')
  })
})

describe('what one has begun', () => {
  const begin = async (browser: Browser) =>
    (await browser.me.startProviderLink({ provider: 'first' })).location

  test('is gone on with by nobody else, wherever they are sent to', async () => {
    const [ada, mallory] = [await stage.register(), await stage.register()]
    const lured = stage.goOn(await begin(mallory), ada)
    await expectRefusal(lured, 'continueProviderSignIn', 'SIGN_IN_INVALID')
    const stolen = stage.goOn(await begin(ada), mallory)
    await expectRefusal(stolen, 'continueProviderSignIn', 'SIGN_IN_INVALID')
    const forged = { held: { ...ada.held, id: mallory.held.id } }
    const mixed = stage.goOn(await begin(mallory), forged)
    await expectRefusal(mixed, 'continueProviderSignIn', 'SIGN_IN_INVALID')
  })

  test('ends in no other account: neither mine in theirs nor theirs in mine', async () => {
    const [ada, mallory] = [await stage.register(), await stage.register()]
    const visit = async (browser: Browser) =>
      stage.providers.first.visit(await stage.goOn(await begin(browser), browser), newPerson())
    await refuse(stage.end(await visit(mallory), ada), 'SIGN_IN_INVALID')
    await refuse(stage.end(await visit(ada), mallory), 'SIGN_IN_INVALID')
    await refuse(stage.end(await visit(mallory), null), 'SIGN_IN_INVALID')
    const forged = { held: { ...ada.held, id: mallory.held.id } }
    await refuse(stage.end(await visit(mallory), forged), 'SIGN_IN_INVALID')
    for (const person of [ada, mallory]) expect(await linksOf(person)).toEqual([])
  })

  test('is no sign-in, and a sign-in links nothing to who is signed in', async () => {
    const ada = await stage.register()
    const person = newPerson()
    const query = await stage.providers.first.visit(await stage.goOn(await begin(ada), ada), person)
    const state = new URLSearchParams(query).get('state') ?? ''
    const [kept] = await stage.service
      .sql`select state_hash from provider_sign_ins where user_id = ${ada.actor.id}`
    expect(kept?.['state_hash']).not.toContain(state)
    expect((await stage.end(query, ada)).refreshToken).toBeNull()
    await stage.signIn(newPerson())
    expect(await linksOf(ada)).toHaveLength(1)
  })

  test('is over with the session, though the browser is at the provider already', async () => {
    const ada = await stage.register()
    const query = await stage.providers.first.visit(await stage.goOn(await begin(ada), ada), newPerson())
    await ada.me.logoutEverywhere({})
    await refuse(stage.end(query, ada), 'SIGN_IN_INVALID')
    expect(await linksOf(ada)).toEqual([])
  })

  test('works once and for ten minutes, and not at another provider’s address', async () => {
    const ada = await stage.register()
    const query = await stage.providers.first.visit(await stage.goOn(await begin(ada), ada), newPerson())
    await refuse(stage.end(query, ada, 'second'), 'SIGN_IN_INVALID')
    await refuse(stage.end(query, ada), 'SIGN_IN_INVALID')
    const elsewhere = stage.goOn(await begin(ada), ada, 'second')
    await expectRefusal(elsewhere, 'continueProviderSignIn', 'SIGN_IN_INVALID')
    const location = await begin(ada)
    stage.clock.advance(10 * 60_000)
    await expectRefusal(stage.goOn(location, ada), 'continueProviderSignIn', 'SIGN_IN_INVALID')
  })
})

describe('unlinking', () => {
  test('takes the way in, ends every other session and tells the person', async () => {
    const ada = await stage.register()
    const person = newPerson()
    await stage.link(ada, person)
    const elsewhere = await stage.signIn(person)
    expect(await ada.me.removeProviderLink({ linkId: await linkIdOf(ada) })).toBeNull()
    expect(await linksOf(ada)).toEqual([])
    const isHers = ({ data }: { data: { userId: string } }) => data.userId === ada.actor.id
    const told = await stage.service.probe.next(providerUnlinked, isHers)
    expect(told.data).toMatchObject({ email: ada.email, provider: 'first' })
    expect((await auditOf(ada)).at(-1)).toBe('account.unlinked')
    const open = await stage.service.sql`
      select id from sessions where subject_id = ${ada.actor.id} and ended_at is null`
    expect(open.map(({ id }) => id as string)).toEqual([ada.held.id])
    expect(elsewhere.actor.id).toBe(ada.actor.id)
    expect((await stage.signIn(person)).actor.id).not.toBe(ada.actor.id)
  })

  test('needs a fresh proof, and reaches one’s own only', async () => {
    const [ada, mallory] = [await stage.register(), await stage.register()]
    await stage.link(ada, newPerson())
    const linkId = await linkIdOf(ada)
    const late = stale(ada).removeProviderLink({ linkId })
    await expectRefusal(late, 'removeProviderLink', 'REAUTHENTICATION_REQUIRED')
    const other = mallory.me.removeProviderLink({ linkId })
    await expectRefusal(other, 'removeProviderLink', 'PROVIDER_LINK_NOT_FOUND')
    expect(await linksOf(ada)).toHaveLength(1)
  })

  test('never takes the last way in, also where the last two go at once', async () => {
    const grace = await stage.signIn(newPerson())
    const only = grace.me.removeProviderLink({ linkId: await linkIdOf(grace) })
    await expectRefusal(only, 'removeProviderLink', 'LAST_WAY_IN')
    await stage.link(grace, newPerson(), 'second')
    const links = await linksOf(grace)
    const results = await Promise.allSettled(
      links.map(({ id: linkId }) => grace.me.removeProviderLink({ linkId })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await linksOf(grace)).toHaveLength(1)
  })

  test('counts no provider that the shop does not offer any more as a way in', async () => {
    const grace = await stage.signIn(newPerson())
    await stage.service.sql`
      insert into external_identities (id, issuer, subject, user_id, linked_at)
      values (${crypto.randomUUID()}, 'https://gone.example', ${grace.actor.id}, ${grace.actor.id}, now() + interval '1 day')`
    expect(await linksOf(grace)).toMatchObject([{}, { provider: null, name: 'https://gone.example' }])
    const only = grace.me.removeProviderLink({ linkId: await linkIdOf(grace) })
    await expectRefusal(only, 'removeProviderLink', 'LAST_WAY_IN')
  })
})

test('an account that is linked by its verified address is told so', async () => {
  const ada = await stage.register()
  await stage.service.sql`update users set email_verified_at = now() where id = ${ada.actor.id}`
  await stage.signIn({ ...newPerson(), email: ada.email })
  const told = await stage.service.probe.next(providerLinked, ({ data }) => data.userId === ada.actor.id)
  expect(told.data).toMatchObject({ email: ada.email, provider: 'first' })
})

test('a provider that is away is told where the person came from', async () => {
  const ada = await stage.register()
  const { location } = await ada.me.startProviderLink({ provider: 'away', returnTo: '/account' })
  const gone = stage.edge().continueProviderSignIn({
    provider: 'none',
    redirectUri: 'https://shop.example/auth/none/callback',
    state: 's'.repeat(43),
    session: ada.held,
  })
  await expectRefusal(gone, 'continueProviderSignIn', 'PROVIDER_UNKNOWN')
  const error = await expectRefusal(
    stage.goOn(location, ada, 'away'),
    'continueProviderSignIn',
    'PROVIDER_UNAVAILABLE',
  )
  expect(error.data).toEqual({ returnTo: '/account' })
})

/** What signing in and proofs can be refused for is seen in files of their own. */
const isOfHere = (refusal: string) =>
  !/^((start|finish)ProviderSignIn|startProviderProof)/.test(refusal) ||
  /: (PROVIDER_ACCOUNT_TAKEN|PROVIDER_LINKED|SIGN_IN_INVALID)$/.test(refusal)

test('every error that is declared was seen', () => expect(unseen().filter(isOfHere)).toEqual([]))
