import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { faultCode } from '../oidc/provider-fault.ts'
import { makeTripSecrets, storeTrip } from '../oidc/trip.ts'

export const startProviderSignIn: Procedure<typeof identity.startProviderSignIn, Context> = async ({
  ctx,
  input: { redirectUri, ...input },
}) => {
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const secrets = makeTripSecrets()
  const location = await provider.begin({ ...secrets, redirectUri }).catch((error: unknown) => {
    ctx.log.warn('a provider of sign-ins cannot be used', { provider: provider.id, code: faultCode(error) })
    throw ctx.fail('PROVIDER_UNAVAILABLE')
  })
  await storeTrip(ctx, secrets, { ...input, purpose: 'sign-in', userId: null })
  return { location }
}
