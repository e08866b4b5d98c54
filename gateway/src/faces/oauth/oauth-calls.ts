/** What the OAuth 2.0 endpoints ask of identity. */
import { anonymous } from '@comptoir/contracts/access'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { CallOptions, Client } from '@comptoir/service-kit/client'

export type OAuthCalls = Pick<
  Client<typeof identity>,
  | 'grantToClient'
  | 'redeemCode'
  | 'refreshDelegation'
  | 'revokeToken'
  | 'introspectToken'
  | 'prepareAuthorization'
  | 'authorizeClient'
  | 'login'
  | 'endSession'
>

/**
 * Asks in the gateway's own name: whoever asks there proves who they are to identity itself. A session is ended by who is
 * signed in to it.
 */
export const oauthCalls = (identity: OAuthCalls, own: CallOptions): OAuthCalls => ({
  grantToClient: (input) => identity.grantToClient(input, own),
  redeemCode: (input) => identity.redeemCode(input, own),
  refreshDelegation: (input) => identity.refreshDelegation(input, own),
  revokeToken: (input) => identity.revokeToken(input, own),
  introspectToken: (input) => identity.introspectToken(input, own),
  prepareAuthorization: (input) => identity.prepareAuthorization(input, own),
  authorizeClient: (input) => identity.authorizeClient(input, own),
  login: (input, options) => identity.login(input, { actor: anonymous, ...options }),
  endSession: (input, options) => identity.endSession(input, options),
})
