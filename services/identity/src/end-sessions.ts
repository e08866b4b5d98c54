import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { endCodesOf } from './db/authorization-codes.ts'
import { markAllEnded } from './db/open-sessions.ts'
import { insertRevocation } from './db/revocations.ts'

/**
 * Ends every session of a person but one: their refresh tokens now, their access tokens once the edge has heard. A third
 * party whose code for one is on its way gets none.
 */
export const endSessionsOf = async (
  ctx: Context,
  tx: Transaction,
  { subjectId, except }: { subjectId: UserId; except?: string | undefined },
): Promise<number> => {
  const at = ctx.clock.now()
  // First the codes: what one opens at this very moment is among the sessions then.
  await endCodesOf(tx, subjectId, at)
  const ended = await markAllEnded(tx, subjectId, { at, except })
  for (const session of ended)
    await insertRevocation(tx, { subject: subjectId, session, rightsVersion: null })
  return ended.length
}
