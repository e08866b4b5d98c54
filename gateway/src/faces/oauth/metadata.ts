/** /.well-known/oauth-authorization-server (RFC 8414): what clients can find out by themselves. */
import { machineScopes } from '@comptoir/contracts/access'
import { grantTypes } from './token.ts'

const withSecret = ['client_secret_basic', 'client_secret_post']
const authentication = [...withSecret, 'none']

export const metadata = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  scopes_supported: ['account', ...machineScopes],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: grantTypes,
  token_endpoint_auth_methods_supported: authentication,
  revocation_endpoint_auth_methods_supported: authentication,
  introspection_endpoint_auth_methods_supported: withSecret,
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  ui_locales_supported: ['en', 'fr'],
})
