/** POST /oauth/token (RFC 6749, 3.2). */
import type { ClientProof, OAuthTokens } from '@comptoir/contracts/identity/oauth'
import { type Form, required, scopesIn } from './form.ts'
import type { OAuthCalls } from './oauth-calls.ts'
import { OAuthError } from './oauth-error.ts'

type Calls = Pick<OAuthCalls, 'grantToClient' | 'redeemCode' | 'refreshDelegation'>

/** What there is to exchange for tokens. */
export const grantTypes = ['authorization_code', 'client_credentials', 'refresh_token'] as const

/** The tokens of a grant, as RFC 6749, 5.1, has them. */
export const exchange = async (form: Form, client: ClientProof, calls: Calls): Promise<object> => {
  const { accessToken, expiresAt, scopes, refreshToken } = await tokensOf(form, client, calls)
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / 1_000)),
    scope: scopes.join(' '),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
  }
}

const tokensOf = async (form: Form, client: ClientProof, calls: Calls): Promise<OAuthTokens> => {
  const grantType = required(form, 'grant_type')
  switch (grantType) {
    case 'client_credentials':
      return calls.grantToClient({ client, scopes: scopesIn(form.get('scope')) })
    case 'authorization_code':
      return calls.redeemCode({
        client,
        code: required(form, 'code'),
        redirectUri: required(form, 'redirect_uri'),
        codeVerifier: required(form, 'code_verifier'),
      })
    case 'refresh_token':
      return calls.refreshDelegation({
        client,
        refreshToken: required(form, 'refresh_token'),
        scopes: scopesIn(form.get('scope')),
      })
    default:
      throw new OAuthError('unsupported_grant_type', `Expected one of ${grantTypes.join(', ')}.`)
  }
}
