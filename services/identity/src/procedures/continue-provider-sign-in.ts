import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findSignIn } from '../db/provider-sign-ins.ts'
import { faultCode } from '../oidc/provider-fault.ts'
import { openVerifier, stateHashOf } from '../oidc/trip.ts'

/** May be asked again: whoever goes back a page goes to the provider with the same state, which comes back once. */
export const continueProviderSignIn: Procedure<typeof identity.continueProviderSignIn, Context> = async ({
  ctx,
  input: { state, session, redirectUri, ...input },
}) => {
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const trip = await findSignIn(ctx.db, stateHashOf(state, session.id))
  if (trip === undefined || trip.expiresAt <= ctx.clock.now() || trip.provider !== provider.id)
    throw ctx.fail('SIGN_IN_INVALID')
  if (trip.userId !== session.subject) throw ctx.fail('SIGN_IN_INVALID')
  const { nonce, stateHash, returnTo } = trip
  const codeVerifier = await openVerifier(ctx, stateHash, trip.codeVerifier)
  const anew = trip.purpose === 'proof'
  const location = await provider
    .begin({ state, nonce, codeVerifier, redirectUri, anew })
    .catch((error: unknown) => {
      ctx.log.warn('a provider of sign-ins cannot be used', { provider: provider.id, code: faultCode(error) })
      throw ctx.fail('PROVIDER_UNAVAILABLE', { returnTo })
    })
  return { location }
}
