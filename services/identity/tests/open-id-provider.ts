// A real OpenID provider at which anybody signs in as whom the test says, without pages in between.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

interface Person {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly locale?: string
}

interface OpenIdProviderOptions {
  readonly redirectUri: string
  readonly port: number
  /** Whether the ID token has the address, which else is told at the userinfo endpoint. */
  readonly tellsInIdToken?: boolean
}

export const client = { id: 'shop', secret: 'a secret of the shop at its provider' }

/** A port that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export const startOpenIdProvider = async (options: OpenIdProviderOptions) => {
  const issuer = `http://127.0.0.1:${options.port}`
  const people = new Map<string, Person>()
  let alter: ((idToken: string) => string) | undefined
  let signingIn: { readonly person: Person | undefined; readonly at: number | undefined } | undefined
  const provider = new Provider(issuer, configuration(options, people))
  provider.use(async (answering, next) => {
    await next()
    if (answering.oidc?.route === 'token' && alter !== undefined)
      answering.body.id_token = alter(answering.body.id_token)
  })
  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return answer(request, response)
    const { person, at } = signingIn ?? {}
    const result =
      person === undefined ? { error: 'access_denied' } : { login: { accountId: person.sub, ts: at } }
    void provider.interactionFinished(request, response, result)
  })
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve))
  return {
    issuer,
    /** What a browser does at the provider: the query with which it is sent back to the shop. `at` is when they sign in, in seconds. */
    visit: async (location: string, person: Person | undefined, at?: number): Promise<string> => {
      if (person !== undefined) people.set(person.sub, person)
      signingIn = { person, at }
      return (await follow(location, options.redirectUri)).search
    },
    /** From now on ID tokens leave the provider changed. */
    alterTokens: (change: typeof alter) => (alter = change),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const configuration = (
  { redirectUri, tellsInIdToken = false }: OpenIdProviderOptions,
  people: ReadonlyMap<string, Person>,
) => ({
  clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
  conformIdTokenClaims: !tellsInIdToken,
  cookies: { keys: ['a key of the test'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => people.get(sub) ?? { sub } }),
  loadExistingGrant: async ({ oidc }: Asking) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

interface Asking {
  readonly oidc: {
    readonly provider: Provider
    readonly client: { readonly clientId: string }
    readonly session: { readonly accountId: string }
  }
}

/** Follows redirects with the cookies that come on the way, as a browser that was never here before. */
const follow = async (from: string, until: string): Promise<URL> => {
  const cookies = new Map<string, string>()
  let at = new URL(from)
  for (let hops = 0; hops < 8; hops += 1) {
    if (at.href.startsWith(until)) return at
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`The provider answered ${response.status}: ${await response.text()}`)
    at = new URL(location, at)
  }
  throw new Error('The provider sends the browser around in circles')
}
