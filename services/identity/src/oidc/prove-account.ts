import type { Transaction } from '@comptoir/service-kit/database'
import { audit } from '../audit.ts'
import { findExternalIdentity } from '../db/external-identities.ts'
import { findHolder } from '../db/holders.ts'
import { provedAtOf } from '../domain/provider-proof.ts'
import { isProvedByProvider } from '../domain/rights.ts'
import { proveAgain } from '../sessions.ts'
import { lockStanding } from '../standing.ts'
import type { Finishing, Returned } from './finishing.ts'

/** Makes the proof of who somebody is fresh in the session that has asked for it; the edge makes a new cookie of it. */
export const proveAccount = async (
  ctx: Finishing,
  tx: Transaction,
  { trip: { returnTo, createdAt }, provider, claims, session }: Returned,
): Promise<string> => {
  const user = session && (await lockStanding(ctx, tx, { id: session.subject, session: session.id }))
  const holder = user && (await findHolder(tx, user.id))
  if (!session || !user || !holder) throw ctx.fail('SIGN_IN_INVALID')
  if (!isProvedByProvider(holder)) throw ctx.fail('SECOND_FACTOR_REQUIRED', { returnTo })
  if ((await findExternalIdentity(tx, claims)) !== user.id)
    throw ctx.fail('PROVIDER_ACCOUNT_OTHER', { returnTo })
  const provedAt = provedAtOf(claims.authenticatedAt, { askedAt: createdAt, now: ctx.clock.now() })
  if (provedAt === undefined) throw ctx.fail('PROVIDER_PROOF_STALE', { returnTo })
  const proof = { id: session.id, holder, secondFactor: false, provedAt }
  const proved = await proveAgain(ctx, tx, proof)
  if (proved === undefined) throw ctx.fail('SIGN_IN_INVALID')
  const person = { ...ctx, actor: { kind: holder.kind, id: holder.id, scopes: [] } }
  const facts = { by: 'provider', provider: provider.id, secondFactor: 'none' }
  await audit(person, tx, { action: 'session.reauthenticated', target: user.id, facts })
  return proved.refreshToken
}
