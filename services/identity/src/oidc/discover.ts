import { outbound } from '@comptoir/service-kit/outbound'
import { reveal } from '@comptoir/service-kit/secret'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  type CustomFetchOptions,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client'
import type { ProviderSettings } from './provider-settings.ts'

const requestMs = 2_000
/** What a provider says of itself is asked for anew after so long; while it does not answer, what it said holds longer. */
const freshMs = 60 * 60_000
const staleMs = 24 * freshMs

/**
 * Makes the function that finds out where a provider has its endpoints, when that is first needed: one that is down stops
 * nobody's start, and is asked again by the next who wants to sign in.
 */
export const createDiscovery = (settings: ProviderSettings): (() => Promise<Configuration>) => {
  let known: { readonly configuration: Configuration; readonly at: number } | undefined
  let asking: Promise<Configuration> | undefined
  const ask = async (): Promise<Configuration> => {
    const configuration = await discover(settings)
    known = { configuration, at: performance.now() }
    return configuration
  }
  return async () => {
    const former = known
    const ageMs = former === undefined ? Number.POSITIVE_INFINITY : performance.now() - former.at
    if (former !== undefined && ageMs < freshMs) return former.configuration
    asking ??= ask().finally(() => (asking = undefined))
    return asking.catch((error: unknown) => {
      if (former !== undefined && ageMs < staleMs) return former.configuration
      throw error
    })
  }
}

const discover = ({ id, issuer, clientId, clientSecret }: ProviderSettings): Promise<Configuration> =>
  discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(reveal(clientSecret)), {
    timeout: requestMs / 1_000,
    // The signature of an ID token is checked although it comes by TLS from the provider itself.
    execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
    [customFetch]: (url, options) => request(id, url, options),
  })

/** Every request to a provider: bounded with its body, so that none hangs on a connection that says nothing. */
const request = (
  id: string,
  url: string,
  { method, headers, body, redirect, signal }: CustomFetchOptions,
): Promise<Response> =>
  outbound({ peer: 'oidc', operation: id, timeoutMs: requestMs }, async (bound) => {
    const response = await fetch(url, {
      method,
      headers,
      redirect,
      signal: signal === undefined ? bound : AbortSignal.any([signal, bound]),
      ...(body === undefined || body === null
        ? {}
        : { body: body instanceof Uint8Array ? body.slice() : body }),
    })
    const bytes = await response.arrayBuffer()
    return new Response(bytes.byteLength === 0 ? null : bytes, response)
  })
