import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listOpenSessions } from '../db/open-sessions.ts'

const atMost = 100

export const listSessions: Procedure<typeof identity.listSessions, Context> = async ({ ctx }) => {
  const rows = await listOpenSessions(ctx.db, ctx.actor.id, { now: ctx.clock.now(), limit: atMost })
  return {
    items: rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      current: row.id === ctx.actor.session,
    })),
  }
}
