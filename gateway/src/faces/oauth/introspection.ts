/** POST /oauth/introspect (RFC 7662). */
import type { ClientProof, Introspection } from '@comptoir/contracts/identity/oauth'
import { type Form, required } from './form.ts'
import type { OAuthCalls } from './oauth-calls.ts'

/** What a client may know of a token; of one that is none, or another's, only that it is good for nothing. */
export const introspect = async (
  form: Form,
  client: ClientProof,
  { introspectToken }: Pick<OAuthCalls, 'introspectToken'>,
): Promise<object> => {
  const found = await introspectToken({ client, token: required(form, 'token') })
  return found === null ? { active: false } : { active: true, client_id: client.clientId, ...told(found) }
}

const told = ({ kind, subject, scopes, issuedAt, expiresAt, issuer }: Introspection) => ({
  scope: scopes.join(' '),
  sub: subject,
  iss: issuer,
  iat: seconds(issuedAt),
  exp: seconds(expiresAt),
  ...(kind === 'access' ? { token_type: 'Bearer', aud: 'comptoir' } : {}),
})

const seconds = (moment: string): number => Math.floor(Date.parse(moment) / 1_000)
