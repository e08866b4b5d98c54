import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { insertSignIn } from '../db/provider-sign-ins.ts'
import { faultCode } from '../oidc/provider-fault.ts'
import { randomText, sealVerifier, stateHashOf, tripMs } from '../oidc/trip.ts'

export const startProviderSignIn: Procedure<typeof identity.startProviderSignIn, Context> = async ({
  ctx,
  input,
}) => {
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const [state, nonce, codeVerifier] = [randomText(), randomText(), randomText()]
  const location = await provider
    .begin({ state, nonce, codeVerifier, redirectUri: input.redirectUri })
    .catch((error: unknown) => {
      ctx.log.warn('a provider of sign-ins cannot be used', { provider: provider.id, code: faultCode(error) })
      throw ctx.fail('PROVIDER_UNAVAILABLE')
    })
  const now = ctx.clock.now()
  const stateHash = stateHashOf(state, input.binding)
  await insertSignIn(ctx.db, {
    stateHash,
    provider: provider.id,
    nonce,
    codeVerifier: await sealVerifier(ctx, stateHash, codeVerifier),
    returnTo: input.returnTo,
    guestId: input.guestId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + tripMs),
  })
  return { location }
}
