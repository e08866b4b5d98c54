import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { guestHolder } from '../domain/rights.ts'
import { openSession } from '../sessions.ts'

/** A guest is an id in a session and nothing else, so nobody is told and no row is kept of them. */
export const createGuest: Procedure<typeof identity.createGuest, Context> = async ({ ctx }) =>
  ctx.transaction((tx) => openSession(ctx, tx, { holder: guestHolder(ctx.ids.next()) }))
