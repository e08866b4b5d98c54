import type { Transaction } from '@comptoir/service-kit/database'
import { findHolder } from '../db/holders.ts'
import { lockStanding } from '../standing.ts'
import type { Finishing, Returned } from './finishing.ts'

/**
 * Who has begun, signed in, what ends here: locked, with the rights they have, and as the actor of what is written down.
 * Throws SIGN_IN_INVALID where the session that they have begun it in is over.
 */
export const lockAsking = async (ctx: Finishing, tx: Transaction, { session }: Pick<Returned, 'session'>) => {
  const user = session && (await lockStanding(ctx, tx, { id: session.subject, session: session.id }))
  const holder = user && (await findHolder(tx, user.id))
  if (!session || !user || !holder) throw ctx.fail('SIGN_IN_INVALID')
  const person = { ...ctx, actor: { kind: holder.kind, id: holder.id, scopes: [] } }
  return { user, holder, person, sessionId: session.id }
}
