import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
} from 'openid-client'
import { type Claims, readClaims } from '../domain/provider-claims.ts'
import { createDiscovery } from './discover.ts'
import type { ProviderSettings } from './provider-settings.ts'

/** What belongs to one sign-in, from its start to its end. */
interface Trip {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface Provider {
  readonly id: string
  readonly name: string
  readonly issuer: string
  /** Where to send the browser; `anew` has the person sign in there although they are. */
  begin(trip: Trip & { readonly redirectUri: string; readonly anew?: boolean }): Promise<string>
  /** Who has come back, once all that the provider sent has been checked. `url` is the address that the browser was sent to. */
  finish(trip: Trip & { readonly url: URL }): Promise<Claims>
}

export type Providers = ReadonlyMap<string, Provider>

/** Whether a token's issuer is the one that a shop's settings name, which may have left out the slash of an empty path. */
export const isFrom = (provider: Provider, issuer: string): boolean =>
  URL.canParse(issuer) && new URL(issuer).href === new URL(provider.issuer).href

/** Which of a shop's providers an issuer is; undefined where it is none of them any more. */
export const providerOf = (providers: Providers, issuer: string): Provider | undefined =>
  [...providers.values()].find((provider) => isFrom(provider, issuer))

export const createProviders = (settings: readonly ProviderSettings[]): Providers =>
  new Map(settings.map((one) => [one.id, createProvider(one)]))

const createProvider = (settings: ProviderSettings): Provider => {
  const discovered = createDiscovery(settings)
  return {
    id: settings.id,
    name: settings.name ?? settings.id,
    issuer: settings.issuer,
    begin: async ({ state, nonce, codeVerifier, redirectUri, anew = false }) => {
      const { href } = buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(anew ? { prompt: 'login', max_age: '0' } : {}),
      })
      return href
    },
    finish: async ({ state, nonce, codeVerifier, url }) => {
      const configuration = await discovered()
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('The provider gave no ID token')
      const told = 'email' in claims ? claims : await askMore(configuration, tokens.access_token, claims)
      const { iss, sub, auth_time } = claims
      return readClaims({ ...told, iss, sub, auth_time })
    },
  }
}

/** Some providers tell the address at their userinfo endpoint only (OpenID Connect Core, 5.4). */
const askMore = async (configuration: Configuration, accessToken: string, claims: { sub: string }) =>
  configuration.serverMetadata().userinfo_endpoint === undefined
    ? claims
    : { ...claims, ...(await fetchUserInfo(configuration, accessToken, claims.sub)) }
