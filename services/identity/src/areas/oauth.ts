import { authorizeClient } from '../procedures/authorize-client.ts'
import { grantToClient } from '../procedures/grant-to-client.ts'
import { introspectToken } from '../procedures/introspect-token.ts'
import { prepareAuthorization } from '../procedures/prepare-authorization.ts'
import { redeemCode } from '../procedures/redeem-code.ts'
import { refreshDelegation } from '../procedures/refresh-delegation.ts'
import { revokeToken } from '../procedures/revoke-token.ts'

const grants = { grantToClient, redeemCode, refreshDelegation }

/** What the edge's OAuth 2.0 endpoints ask. */
export const oauthArea = {
  ...grants,
  revokeToken,
  introspectToken,
  prepareAuthorization,
  authorizeClient,
}
