import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { takeSignIn, type ProviderSignIn } from '../db/provider-sign-ins.ts'
import type { Claims } from '../domain/provider-claims.ts'
import type { Finishing } from '../oidc/finishing.ts'
import { letIn } from '../oidc/let-in.ts'
import { linkAccount } from '../oidc/link-account.ts'
import { proveAccount } from '../oidc/prove-account.ts'
import { faultCode, providerFault } from '../oidc/provider-fault.ts'
import type { Provider } from '../oidc/providers.ts'
import { openVerifier, stateHashOf } from '../oidc/trip.ts'

/** What becomes of each kind of trip; the refresh token of a session, if one comes of it. */
const endings = { 'sign-in': letIn, link: linkAccount, proof: proveAccount } as const

export const finishProviderSignIn: Procedure<typeof identity.finishProviderSignIn, Context> = async ({
  ctx,
  input,
}) => {
  const { session } = input
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const url = new URL(input.redirectUri)
  url.search = input.query
  const state = url.searchParams.get('state') ?? ''
  const bindings = [input.binding, session?.id].filter((binding) => binding != null)
  const hashes = bindings.map((binding) => stateHashOf(state, binding))
  // Taken before the provider is asked anything: a state is good for one try, whatever comes of it.
  const trip = await ctx.transaction((tx) => takeSignIn(tx, hashes))
  if (trip === undefined || trip.expiresAt <= ctx.clock.now() || trip.provider !== provider.id)
    throw ctx.fail('SIGN_IN_INVALID')
  if (trip.userId !== null && trip.userId !== session?.subject) throw ctx.fail('SIGN_IN_INVALID')
  const claims = await askProvider(ctx, provider, { trip, state, url })
  const refreshToken = await ctx.transaction((tx) =>
    endings[trip.purpose](ctx, tx, { trip, provider, claims, session }),
  )
  return { refreshToken, returnTo: trip.returnTo }
}

const askProvider = async (
  ctx: Finishing,
  provider: Provider,
  { trip, state, url }: { trip: ProviderSignIn; state: string; url: URL },
): Promise<Claims> => {
  const codeVerifier = await openVerifier(ctx, trip.stateHash, trip.codeVerifier)
  return provider.finish({ state, nonce: trip.nonce, codeVerifier, url }).catch((error: unknown) => {
    const fault = providerFault(error)
    // That people change their minds is nothing to tell an operator.
    if (fault !== 'SIGN_IN_DECLINED')
      ctx.log.warn('a sign-in by a provider failed', { provider: provider.id, fault, code: faultCode(error) })
    throw ctx.fail(fault, { returnTo: trip.returnTo })
  })
}
