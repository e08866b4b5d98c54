import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { anonymous } from '@comptoir/contracts/access'
import { providerLinkProcedures } from '@comptoir/contracts/identity/provider-links'
import { providerSignInProcedures } from '@comptoir/contracts/identity/provider-sign-in'
import { customerActor } from '@comptoir/service-kit/testing/actors'
import { refusals } from '@comptoir/service-kit/testing/refusals'
import { decodeJwt } from 'jose'
import { type Browser, newPerson, openProviderStage, type ProviderStage } from './provider-stage.ts'

const { finishProviderSignIn } = providerSignInProcedures
const { startProviderProof } = providerLinkProcedures
const { expectRefusal, unseen } = refusals({ finishProviderSignIn, startProviderProof })
let stage: ProviderStage
beforeAll(async () => {
  stage = await openProviderStage()
})
afterAll(() => stage?.stop())

const refuse = (call: Promise<unknown>, code: string) => expectRefusal(call, 'finishProviderSignIn', code)
const start = (me: Browser['me'], provider = 'first') =>
  me.startProviderProof({ provider, returnTo: '/account' })
/** Where the person is sent, at the provider. */
const away = async (browser: Browser) => stage.goOn((await start(browser.me)).location, browser)
const nowSeconds = () => Math.floor(stage.clock.now().getTime() / 1_000)

describe('somebody who comes in by a provider only', () => {
  test('proves who they are by signing in there anew, and can do what asks for that', async () => {
    const person = newPerson()
    const grace = await stage.signIn(person)
    stage.clock.advance(601_000)
    const stale = stage.service.as(grace.actor)
    await expect(stale.startProviderLink({ provider: 'second' })).rejects.toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    })
    const location = await away(grace)
    const asked = new URL(location).searchParams
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0'])
    const query = await stage.providers.first.visit(location, person, nowSeconds())
    stage.clock.advance(60_000)
    const { refreshToken, returnTo } = await stage.end(query, grace)
    expect(returnTo).toBe('/account')
    const session = await stage.service.as(anonymous).refresh({ refreshToken: refreshToken ?? '' })
    // The same session, and proved when they signed in there rather than when they came back.
    expect(decodeJwt(session.accessToken)).toMatchObject({ sid: grace.held.id, auth_time: nowSeconds() - 60 })
    const { me } = await stage.browserOf(session)
    expect((await me.startProviderLink({ provider: 'second' })).location).toStartWith('/auth/second/continue')
    const entries = await stage.service.sql`
      select facts from audit_entries where target = ${grace.actor.id} and action = 'session.reauthenticated'`
    expect(entries.map(({ facts }) => facts as unknown)).toEqual([
      { by: 'provider', provider: 'first', secondFactor: 'none' },
    ])
  })

  test('proves nothing by having signed in there before, nor where the provider does not say when', async () => {
    const person = newPerson()
    const grace = await stage.signIn(person)
    const longAgo = await away(grace)
    const old = longAgo.replace('max_age=0', 'max_age=9000')
    const query = await stage.providers.first.visit(old, person, nowSeconds() - 600)
    await refuse(stage.end(query, grace), 'PROVIDER_PROOF_STALE')
    const untold = (await away(grace)).replace(/[&?]max_age=0/, '')
    const error = await refuse(
      stage.end(await stage.providers.first.visit(untold, person), grace),
      'PROVIDER_PROOF_STALE',
    )
    expect(error.data).toEqual({ returnTo: '/account' })
  })

  test('proves nothing by somebody else’s account there, though that is linked here too', async () => {
    const grace = await stage.signIn(newPerson())
    const mallory = newPerson()
    await stage.signIn(mallory)
    for (const person of [mallory, newPerson()]) {
      const query = await stage.providers.first.visit(await away(grace), person, nowSeconds())
      await refuse(stage.end(query, grace), 'PROVIDER_ACCOUNT_OTHER')
    }
  })
})

describe('a proof', () => {
  test('that somebody else has begun is ended by nobody else', async () => {
    const [ada, bob] = [newPerson(), newPerson()]
    const [hers, his] = [await stage.signIn(ada), await stage.signIn(bob)]
    const query = await stage.providers.first.visit(await away(hers), ada, nowSeconds())
    await refuse(stage.end(query, his), 'SIGN_IN_INVALID')
    await refuse(stage.end(query, null), 'SIGN_IN_INVALID')
    expect((await stage.end(query, hers)).refreshToken).toStartWith('rt_')
  })

  test('by a provider does not do for an account that has more to show', async () => {
    const person = newPerson()
    const grace = await stage.signIn(person)
    const query = await stage.providers.first.visit(await away(grace), person, nowSeconds())
    await stage.service.sql`insert into totp_factors values (${grace.actor.id}, 'sealed', now(), 0, now())`
    await refuse(stage.end(query, grace), 'SECOND_FACTOR_REQUIRED')
    await expectRefusal(start(grace.me), 'startProviderProof', 'SECOND_FACTOR_REQUIRED')
  })

  test('is begun with a provider that is linked, in a browser, by the person themselves', async () => {
    const grace = await stage.signIn(newPerson())
    await expectRefusal(start(grace.me, 'none'), 'startProviderProof', 'PROVIDER_UNKNOWN')
    await expectRefusal(start(grace.me, 'second'), 'startProviderProof', 'PROVIDER_NOT_LINKED')
    const withToken = stage.service.as({ ...grace.actor, session: crypto.randomUUID() })
    await expectRefusal(start(withToken), 'startProviderProof', 'BROWSER_SESSION_REQUIRED')
    const third = stage.service.as({ ...grace.actor, via: 'a client', scopes: ['account'] })
    await expectRefusal(start(third), 'startProviderProof', 'FORBIDDEN')
    const nobody = stage.service.as(customerActor())
    await expectRefusal(start(nobody), 'startProviderProof', 'UNAUTHENTICATED')
  })
})

/** Of what else somebody can come back with there are files of their own. */
const isOfHere = (refusal: string) => /^startProviderProof|PROVIDER_ACCOUNT_OTHER|STALE|FACTOR/.test(refusal)

test('every error that is declared was seen', () => expect(unseen().filter(isOfHere)).toEqual([]))
