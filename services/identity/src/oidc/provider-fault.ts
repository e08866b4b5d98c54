import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'

type ProviderFault = 'SIGN_IN_DECLINED' | 'PROVIDER_ANSWER_INVALID' | 'PROVIDER_UNAVAILABLE'

const unreached = new Set<string | undefined>([undefined, 'OAUTH_TIMEOUT', 'OAUTH_ABORT'])

/** Whose fault it is that a provider's sign-in came to nothing: the person's choice, a wrong answer, or no answer. */
export const providerFault = (error: unknown): ProviderFault => {
  if (error instanceof AuthorizationResponseError) return 'SIGN_IN_DECLINED'
  if (error instanceof ResponseBodyError)
    return error.status < 500 ? 'PROVIDER_ANSWER_INVALID' : 'PROVIDER_UNAVAILABLE'
  if (!(error instanceof ClientError)) return 'PROVIDER_UNAVAILABLE'
  const { code, cause } = error
  if (unreached.has(code) || (cause instanceof Response && cause.status >= 500)) return 'PROVIDER_UNAVAILABLE'
  return 'PROVIDER_ANSWER_INVALID'
}

/** What operators may read of it: nothing that the provider or the browser has sent. */
export const faultCode = (error: unknown): string => {
  if (error instanceof ResponseBodyError) return `HTTP_${error.status}`
  if (error instanceof ClientError) return error.code ?? 'UNREACHED'
  return error instanceof Error ? error.name : 'UNKNOWN'
}
