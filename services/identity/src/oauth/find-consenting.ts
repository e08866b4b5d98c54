import { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { findSession } from '../db/sessions.ts'
import { lockUser } from '../db/users.ts'
import { rightsIn } from '../domain/rights.ts'

/** Who is asked for consent, with what they can give in this sign-in; undefined where it is over, or proves nothing. */
export const findConsenting = async (ctx: Context, db: Queryable, sessionId: string) => {
  const session = await findSession(db, sessionId)
  // A third party does not let others in.
  if (session === undefined || session.subjectKind === 'guest' || session.clientId !== null) return undefined
  if (session.endedAt !== null || session.expiresAt <= ctx.clock.now()) return undefined
  const userId = UserId.parse(session.subjectId)
  const holder = await findHolder(db, userId)
  if (holder === undefined) return undefined
  const { scopes, provedAt } = rightsIn(session, holder, ctx.staffSecondFactor)
  if (provedAt === null) return undefined
  return { userId, kind: holder.kind, scopes, provedAt, secondFactor: session.secondFactor }
}

/** The same with the person locked: nobody ends their sessions meanwhile, and leaves a consent behind. */
export const lockConsenting = async (ctx: Context, tx: Transaction, sessionId: string) => {
  const found = await findConsenting(ctx, tx, sessionId)
  if (found === undefined || (await lockUser(tx, found.userId)) === undefined) return undefined
  return findConsenting(ctx, tx, sessionId)
}
