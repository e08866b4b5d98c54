/** What a client sends a person's browser here with (RFC 6749, 4.1.1; RFC 7636, 4.3). */
import { ServiceError } from '@comptoir/contracts/errors'
import { scopesIn } from '../form.ts'
import type { OAuthCalls } from '../oauth-calls.ts'

export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string | undefined
  /** Null: all that the client may ask for. */
  readonly scopes: string[] | null
  readonly codeChallenge: string
}

export type Asked = Awaited<ReturnType<OAuthCalls['prepareAuthorization']>>

/** Why the person cannot be sent back: nobody is known who could be told (RFC 6749, 4.1.2.1). */
export type DeadEnd = 'incomplete' | 'unknown-client' | 'unknown-address'

export interface Refusal {
  readonly error: 'invalid_request' | 'unsupported_response_type' | 'invalid_scope' | 'access_denied'
  readonly description: string
}

export type Judged =
  | { readonly deadEnd: DeadEnd }
  | { readonly request: AuthorizationRequest; readonly refusal: Refusal }
  | { readonly request: AuthorizationRequest; readonly refusal?: undefined; readonly asked: Asked }

/** Judges a request; nobody is sent anywhere before it is known that the address is the client's. */
export const judgeRequest = async (
  search: string,
  sessionId: string | null,
  { prepareAuthorization }: Pick<OAuthCalls, 'prepareAuthorization'>,
): Promise<Judged> => {
  const given = new URLSearchParams(search)
  const request = readRequest(given)
  if (request === undefined) return { deadEnd: 'incomplete' }
  const refusal = refusalOf(given)
  const { clientId, redirectUri } = request
  const scopes = refusal === undefined ? request.scopes : null
  try {
    const asked = await prepareAuthorization({ clientId, redirectUri, scopes, sessionId })
    if (refusal !== undefined) return { request, refusal }
    return asked.scopes.length === 0 ? { request, refusal: nothingToGive(asked) } : { request, asked }
  } catch (error) {
    const deadEnd = error instanceof ServiceError ? deadEnds[error.code] : undefined
    if (deadEnd === undefined) throw error
    return { deadEnd }
  }
}

const deadEnds: Readonly<Record<string, DeadEnd>> = {
  CLIENT_UNKNOWN: 'unknown-client',
  REDIRECT_URI_UNKNOWN: 'unknown-address',
  INVALID_INPUT: 'incomplete',
}

const nothingToGive = ({ person }: Asked): Refusal =>
  person === null
    ? { error: 'invalid_scope', description: 'The scope is unknown or more than this client may ask for.' }
    : { error: 'access_denied', description: 'The person has none of the rights that are asked for.' }

const readRequest = (given: URLSearchParams): AuthorizationRequest | undefined => {
  const clientId = only(given, 'client_id')
  const redirectUri = only(given, 'redirect_uri')
  if (clientId === undefined || redirectUri === undefined) return undefined
  return {
    clientId,
    redirectUri,
    state: only(given, 'state'),
    scopes: scopesIn(only(given, 'scope')),
    codeChallenge: only(given, 'code_challenge') ?? '',
  }
}

/** The one value of a parameter. */
const only = (given: URLSearchParams, name: string): string | undefined => {
  const values = given.getAll(name)
  return values.length === 1 && values[0] !== '' ? values[0] : undefined
}

const refusalOf = (given: URLSearchParams): Refusal | undefined => {
  const invalid = (description: string): Refusal => ({ error: 'invalid_request', description })
  const names = [...given.keys()]
  if (new Set(names).size !== names.length) return invalid('A parameter is there twice.')
  const type = only(given, 'response_type')
  if (type === undefined) return invalid('The parameter response_type is missing.')
  if (type !== 'code')
    return { error: 'unsupported_response_type', description: 'The only response_type here is code.' }
  if ((only(given, 'response_mode') ?? 'query') !== 'query')
    return invalid('The only response_mode here is query.')
  // Without a method it would be plain, which protects nothing (RFC 9700, 2.1.1).
  if (only(given, 'code_challenge_method') !== 'S256') return invalid('PKCE with S256 is needed.')
  return /^[\w-]{43}$/.test(only(given, 'code_challenge') ?? '')
    ? undefined
    : invalid('The code_challenge is not one of S256.')
}
