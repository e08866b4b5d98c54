import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findByCookie } from '../db/browser-sessions.ts'
import { findHolderOf } from '../db/holders.ts'
import { endSession } from '../sessions.ts'

/** Answers the same where there is no such session: what it asks for holds. */
export const closeBrowserSession: Procedure<typeof identity.closeBrowserSession, Context> = async ({
  ctx,
  input,
}) =>
  ctx.transaction(async (tx) => {
    const session = await findByCookie(tx, input.cookieHash)
    if (session === undefined) return null
    await endSession(ctx, tx, session.id)
    const holder = await findHolderOf(tx, session)
    // It is the edge that asks, for whoever holds the cookie.
    if (holder !== undefined && holder.kind !== 'guest') {
      const person = { ...ctx, actor: { kind: holder.kind, id: holder.id, scopes: [] } }
      await audit(person, tx, { action: 'session.ended', target: holder.id })
    }
    return null
  })
