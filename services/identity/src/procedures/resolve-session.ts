import type { identity } from '@comptoir/contracts/identity/procedures'
import { errorFacts } from '@comptoir/service-kit/error-facts'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { findByCookie, noteSeen } from '../db/browser-sessions.ts'
import { findHolderOf } from '../db/holders.ts'
import { expiryOf, seenEveryMs } from '../domain/browser-session.ts'
import { rightsIn } from '../domain/rights.ts'

export const resolveSession: Procedure<typeof identity.resolveSession, Context> = async ({ ctx, input }) => {
  const session = await findByCookie(ctx.db, input.cookieHash)
  const holder = session && (await findHolderOf(ctx.db, session))
  if (session === undefined || holder === undefined) return null
  const { id, createdAt } = session
  const { scopes, provedAt } = rightsIn(session, holder, ctx.staffSecondFactor)
  const lastSeenAt = session.lastSeenAt ?? createdAt
  const now = ctx.clock.now()
  if (expiryOf({ createdAt, seenAt: lastSeenAt }, holder.kind) <= now) return null
  const ifBefore = new Date(now.getTime() - seenEveryMs)
  // Nobody waits for the note, and one that is lost is written a minute later.
  if (lastSeenAt < ifBefore)
    noteSeen(ctx.db, id, { at: now, ifBefore }).catch((error: unknown) =>
      ctx.log.warn('It was not noted when a session was used', { reason: errorFacts(error) }),
    )
  return {
    kind: holder.kind,
    subject: holder.id,
    expiresAt: expiryOf({ createdAt, seenAt: now }, holder.kind).toISOString(),
    session: id,
    scopes: [...scopes],
    provedAt: provedAt && Math.floor(provedAt.getTime() / 1_000),
    rightsVersion: holder.rightsVersion,
  }
}
