import type { Transaction } from '@comptoir/service-kit/database'
import { audit } from '../audit.ts'
import { findExternalIdentity } from '../db/external-identities.ts'
import { provedAtOf } from '../domain/provider-proof.ts'
import { isProvedByProvider } from '../domain/rights.ts'
import { proveAgain } from '../sessions.ts'
import type { Finishing, Returned } from './finishing.ts'
import { lockAsking } from './lock-asking.ts'

/** Makes the proof of who somebody is fresh in the session that has asked for it; the edge makes a new cookie of it. */
export const proveAccount = async (
  ctx: Finishing,
  tx: Transaction,
  { trip: { returnTo, createdAt }, provider, claims, session }: Returned,
): Promise<string> => {
  const { user, holder, person, sessionId: id } = await lockAsking(ctx, tx, { session })
  if (!isProvedByProvider(holder)) throw ctx.fail('SECOND_FACTOR_REQUIRED', { returnTo })
  if ((await findExternalIdentity(tx, claims)) !== user.id)
    throw ctx.fail('PROVIDER_ACCOUNT_OTHER', { returnTo })
  const provedAt = provedAtOf(claims.authenticatedAt, { askedAt: createdAt, now: ctx.clock.now() })
  if (provedAt === undefined) throw ctx.fail('PROVIDER_PROOF_STALE', { returnTo })
  const proved = await proveAgain(ctx, tx, { id, holder, secondFactor: false, provedAt })
  if (proved === undefined) throw ctx.fail('SIGN_IN_INVALID')
  const facts = { by: 'provider', provider: provider.id, secondFactor: 'none' }
  await audit(person, tx, { action: 'session.reauthenticated', target: user.id, facts })
  return proved.refreshToken
}
