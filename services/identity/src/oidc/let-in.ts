import type { Transaction } from '@comptoir/service-kit/database'
import { audit } from '../audit.ts'
import { findHolder } from '../db/holders.ts'
import { isStaff } from '../domain/rights.ts'
import { openSession } from '../sessions.ts'
import { admitPerson } from './admit-person.ts'
import type { Finishing, Returned } from './finishing.ts'

/** Gives somebody whom a provider knows a session. */
export const letIn = async (
  ctx: Finishing,
  tx: Transaction,
  { trip, provider, claims }: Returned,
): Promise<string> => {
  const { returnTo, guestId } = trip
  const admitted = await admitPerson(ctx, tx, { claims, provider, guestId })
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
  if (admitted.how === 'reclaimed')
    await audit(person, tx, { action: 'account.verified', target: holder.id, facts })
  if ('ended' in admitted) for (const machine of admitted.ended) await audit(person, tx, machine)
  if (admitted.how === 'linked' || admitted.how === 'reclaimed')
    await audit(person, tx, { action: 'account.linked', target: holder.id, facts })
  await audit(person, tx, { action: 'session.opened', target: holder.id, facts })
  return refreshToken
}
