/** /.well-known/oauth-authorization-server (RFC 8414): what clients can find out by themselves. */
import { machineScopes } from '@comptoir/contracts/access'

const withSecret = ['client_secret_basic', 'client_secret_post']

export const metadata = (issuer: string): object => ({
  issuer,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  scopes_supported: machineScopes,
  // Codes are redeemed, but there is no page yet on which people consent and get one.
  response_types_supported: [],
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: withSecret,
  revocation_endpoint_auth_methods_supported: withSecret,
  introspection_endpoint_auth_methods_supported: withSecret,
})
