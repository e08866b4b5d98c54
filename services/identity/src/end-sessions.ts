import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { markAllEnded } from './db/open-sessions.ts'
import { insertRevocation } from './db/revocations.ts'

/** Ends every session of a subject but one: their refresh tokens now, their access tokens once the edge has heard. */
export const endSessionsOf = async (
  ctx: Context,
  tx: Transaction,
  { subjectId, except }: { subjectId: string; except?: string | undefined },
): Promise<number> => {
  const ended = await markAllEnded(tx, subjectId, { at: ctx.clock.now(), except })
  for (const session of ended)
    await insertRevocation(tx, { subject: subjectId, session, rightsVersion: null })
  return ended.length
}
