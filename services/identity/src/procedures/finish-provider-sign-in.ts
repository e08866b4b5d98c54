import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { takeSignIn, type ProviderSignIn } from '../db/provider-sign-ins.ts'
import type { Claims } from '../domain/provider-claims.ts'
import { isStaff } from '../domain/rights.ts'
import { admitPerson } from '../oidc/admit-person.ts'
import { faultCode, providerFault } from '../oidc/provider-fault.ts'
import type { Provider } from '../oidc/providers.ts'
import { openVerifier, stateHashOf } from '../oidc/trip.ts'
import { openSession } from '../sessions.ts'

type Finishing = Context & Call<typeof identity.finishProviderSignIn>

export const finishProviderSignIn: Procedure<typeof identity.finishProviderSignIn, Context> = async ({
  ctx,
  input,
}) => {
  const provider = ctx.providers.get(input.provider)
  if (provider === undefined) throw ctx.fail('PROVIDER_UNKNOWN')
  const url = new URL(input.redirectUri)
  url.search = input.query
  const state = url.searchParams.get('state') ?? ''
  // Taken before the provider is asked anything: a state is good for one try, whatever comes of it.
  const trip = await ctx.transaction((tx) => takeSignIn(tx, stateHashOf(state, input.binding)))
  if (trip === undefined || trip.expiresAt <= ctx.clock.now() || trip.provider !== provider.id)
    throw ctx.fail('SIGN_IN_INVALID')
  const claims = await askProvider(ctx, provider, { trip, state, url })
  const refreshToken = await ctx.transaction((tx) => letIn(ctx, tx, { trip, claims }))
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

const letIn = async (
  ctx: Finishing,
  tx: Transaction,
  { trip, claims }: { trip: ProviderSignIn; claims: Claims },
): Promise<string> => {
  const { returnTo, guestId } = trip
  const admitted = await admitPerson(ctx, tx, { claims, guestId })
  if (admitted.how === 'refused') throw ctx.fail(admitted.code, { returnTo })
  const holder = await findHolder(tx, admitted.userId)
  if (holder === undefined) throw ctx.fail('ACCOUNT_CLOSED', { returnTo })
  // What staff can do is worth more than a provider's word, which alone would let a second factor be set up.
  if (isStaff(holder) && !holder.secondFactor) throw ctx.fail('ACCOUNT_NOT_LINKABLE', { returnTo })
  // The provider's word is one proof: a second factor of ours is still to be shown.
  const { refreshToken } = await openSession(ctx, tx, { holder })
  const person = { ...ctx, actor: { kind: holder.kind, id: holder.id, scopes: [] } }
  const facts = { by: 'provider', provider: trip.provider, secondFactor: 'none' }
  if (admitted.how === 'new')
    await audit(person, tx, { action: 'account.registered', target: holder.id, facts })
  if (admitted.how === 'linked')
    await audit(person, tx, { action: 'account.linked', target: holder.id, facts })
  await audit(person, tx, { action: 'session.opened', target: holder.id, facts })
  return refreshToken
}
