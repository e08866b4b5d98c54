// The service with two real OpenID providers beside it, and browsers that go there and back.
import { type Actor, anonymous, scopesOfKind } from '@comptoir/contracts/access'
import type { Session } from '@comptoir/contracts/identity/model'
import { UserId } from '@comptoir/contracts/ids'
import { serviceActor } from '@comptoir/service-kit/testing/actors'
import { frozenClock } from '@comptoir/service-kit/testing/clock'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { decodeJwt } from 'jose'
import { app } from '../src/app.ts'
import { Config } from '../src/config.ts'
import { client, freePort, startOpenIdProvider } from './open-id-provider.ts'

export const password = 'correct horse battery'
const binding = 'b'.repeat(43)
const names = ['first', 'second'] as const
type ProviderName = (typeof names)[number]
const callback = (provider: string) => `https://shop.example/auth/${provider}/callback`

export const openProviderStage = async () => {
  const ports = { first: await freePort(), second: await freePort() }
  const start = (name: ProviderName) =>
    startOpenIdProvider({ redirectUri: callback(name), port: ports[name], tellsInIdToken: name === 'second' })
  const providers = { first: await start('first'), second: await start('second') }
  const known = { clientId: client.id, clientSecret: client.secret }
  const settings = [
    ...names.map((id) => ({ id, issuer: providers[id].issuer, ...known })),
    // Nobody has ever answered there.
    { id: 'away', issuer: `http://127.0.0.1:${await freePort()}`, ...known },
  ]
  const config = Config.parse({
    DATABASE_URL: 'postgres://elsewhere',
    NATS_URL: 'nats://elsewhere',
    KEY_ENCRYPTION_SECRET: 'x'.repeat(32),
    OIDC_PROVIDERS: JSON.stringify(settings),
  })
  // Of now, because the providers say by their own clocks when somebody has signed in.
  const clock = frozenClock(new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString())
  const service = await startTestService(app(config), { clock })
  const edge = () => service.as(serviceActor('gateway'))

  /** A browser that is signed in to an account; the cookie takes the tokens' place. */
  const browserOf = async (session: Session) => {
    const actor = actorOf(session)
    await edge().openBrowserSession({ refreshToken: session.refreshToken })
    const held = { id: actor.session ?? '', subject: UserId.parse(actor.id) }
    return { actor, held, me: service.as(actor) }
  }
  const register = async (email = `ada.${crypto.randomUUID()}@example.org`) => {
    const session = await service.as(anonymous).register({ email, password, name: 'Ada' })
    return { email, session, ...(await browserOf(session)) }
  }
  const goOn = async (location: string, { held }: Holding, provider = 'first') => {
    const state = new URL(location, 'https://shop.example').searchParams.get('state') ?? ''
    const input = { provider, redirectUri: callback(provider), state, session: held }
    return (await edge().continueProviderSignIn(input)).location
  }
  const end = (query: string, browser: Holding | null, provider: ProviderName = 'first') => {
    const held = browser === null ? {} : { session: browser.held }
    const redirectUri = callback(provider)
    return edge().finishProviderSignIn({ provider, redirectUri, binding, ...held, query })
  }
  const signIn = async (person: Person, provider: ProviderName = 'first') => {
    const redirectUri = callback(provider)
    const begun = { provider, redirectUri, returnTo: '/', binding, guestId: null }
    const { location } = await edge().startProviderSignIn(begun)
    const { refreshToken } = await end(await providers[provider].visit(location, person), null, provider)
    const session = await service.as(anonymous).refresh({ refreshToken: refreshToken ?? '' })
    return { session, ...(await browserOf(session)) }
  }
  /** Links somebody at a provider to the account of a browser. */
  const link = async (
    browser: Awaited<ReturnType<typeof browserOf>>,
    person: Person,
    provider: ProviderName = 'first',
  ) => {
    const { location } = await browser.me.startProviderLink({ provider })
    const query = await providers[provider].visit(await goOn(location, browser, provider), person)
    return end(query, browser, provider)
  }
  const stop = async () => {
    await service.stop()
    await providers.first.stop()
    await providers.second.stop()
  }
  return { clock, service, providers, edge, browserOf, register, signIn, link, goOn, end, stop }
}
export type ProviderStage = Awaited<ReturnType<typeof openProviderStage>>
export type Browser = Awaited<ReturnType<ProviderStage['browserOf']>>
type Provider = Awaited<ReturnType<typeof startOpenIdProvider>>
type Person = Parameters<Provider['visit']>[1]

/** What the edge knows by a browser's cookie. */
interface Holding {
  readonly held: { readonly id: string; readonly subject: UserId }
}

/** Somebody at a provider, who has nothing to do with any account here. */
export const newPerson = () => {
  const sub = crypto.randomUUID()
  return { sub, email: `grace.${sub}@example.org`, email_verified: true, name: 'Grace', locale: 'en' }
}

/** Whom the edge would take the holder of a session for. */
const actorOf = ({ kind, subject, accessToken }: Session): Actor => {
  const { sid, auth_time: provedAt } = decodeJwt<{ sid: string; auth_time: number }>(accessToken)
  return { kind, id: subject, scopes: [...scopesOfKind[kind]], session: sid, provedAt }
}
