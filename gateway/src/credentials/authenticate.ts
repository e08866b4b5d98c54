/** From what a request shows to who acts. */
import { type Actor, anonymous } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import { type AccessTokenOptions, createAccessTokens } from './access-tokens.ts'
import { type ApiKeyOptions, createApiKeys, isApiKey } from './api-keys.ts'

/**
 * Answers the actor of an `Authorization` header: anonymous without one, UNAUTHENTICATED for a wrong one. `address` tells
 * where the request comes from: some keys are good from some networks only.
 */
export type Authenticate = (
  authorization: string | undefined,
  address?: () => string | undefined,
) => Promise<Actor>

export const createAuthenticate = (options: AccessTokenOptions & ApiKeyOptions): Authenticate => {
  const ofAccessToken = createAccessTokens(options)
  const ofApiKey = createApiKeys(options)
  return async (authorization, address) => {
    if (authorization === undefined) return anonymous
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization) ?? []
    if (token === undefined) throw commonError('UNAUTHENTICATED')
    return isApiKey(token) ? ofApiKey(token, address?.()) : ofAccessToken(token)
  }
}
