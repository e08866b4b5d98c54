/** How the OAuth 2.0 endpoints say no (RFC 6749, 5.2). */
import { ServiceError } from '@comptoir/contracts/errors'

type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'

export class OAuthError extends Error {
  readonly code: OAuthErrorCode

  /** `description` is for the developer of the client: plain ASCII without quotes. */
  constructor(code: OAuthErrorCode, description: string) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
  }
}

/** By what identity says. */
const meanings: Readonly<Record<string, OAuthError>> = {
  CLIENT_INVALID: new OAuthError('invalid_client', 'The client is not known, or did not prove who it is.'),
  CLIENT_UNAUTHORIZED: new OAuthError('unauthorized_client', 'This client may not use this grant.'),
  GRANT_INVALID: new OAuthError('invalid_grant', 'The code or token is over, or belongs to another.'),
  SCOPE_INVALID: new OAuthError(
    'invalid_scope',
    'The scope is unknown or more than this client can be given.',
  ),
  INVALID_INPUT: new OAuthError(
    'invalid_request',
    'A parameter is too long, or not of the form that it must have.',
  ),
}

/** The OAuth error that a thrown value stands for; undefined for what is no fault of the client. */
export const asOAuthError = (thrown: unknown): OAuthError | undefined => {
  if (thrown instanceof OAuthError) return thrown
  return thrown instanceof ServiceError ? meanings[thrown.code] : undefined
}

export const answerOAuthError = ({ code, message }: OAuthError): Response => {
  const headers = new Headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
  const isUnknown = code === 'invalid_client'
  if (isUnknown) headers.set('www-authenticate', 'Basic realm="comptoir"')
  return Response.json(
    { error: code, error_description: message },
    { status: isUnknown ? 401 : 400, headers },
  )
}
