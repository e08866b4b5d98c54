import type { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import { accountProcedures } from '@comptoir/contracts/identity/account'
import { proofErrors } from '@comptoir/contracts/identity/second-factor'
import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { audit } from './audit.ts'
import type { Context } from './context.ts'
import { forgetAttempts } from './db/login-attempts.ts'
import { findPasswordHash } from './db/passwords.ts'
import { countProofTry, forgetProofTries } from './db/sessions.ts'
import { proofTriesMax, throttle } from './domain/throttle.ts'
import { attemptKey } from './security/attempt-key.ts'
import { endSession } from './sessions.ts'
import { countWithin } from './tries.ts'

type Acting = Context & { readonly actor: Actor }

const throttled = {
  LOGIN_THROTTLED: proofErrors.LOGIN_THROTTLED,
  PASSWORD_THROTTLED: accountProcedures.changePassword.errors.PASSWORD_THROTTLED,
}

/**
 * Counts a try of somebody who is signed in to prove who they are, by a password or a code: apart from those to sign in,
 * which anybody can use up. A session that has had its tries, over however long, ends: it may be in wrong hands, and its
 * owner can sign in again.
 */
export const countProof = async (
  ctx: Acting,
  code: keyof typeof throttled = 'LOGIN_THROTTLED',
): Promise<void> => {
  const { id, session } = ctx.actor
  await countWithin(ctx, attemptKey('proof', id), { limit: throttle, code, declared: throttled[code] })
  const tries = session === undefined ? undefined : await countProofTry(ctx.db, session)
  if (session === undefined || tries === undefined || tries <= proofTriesMax) return
  await ctx.transaction(async (tx) => {
    await endSession(ctx, tx, session)
    await audit(ctx, tx, { action: 'session.ended', target: id, facts: { session, by: 'tries' } })
  })
  throw commonError('UNAUTHENTICATED')
}

/** Forgets the tries of somebody who has shown all that was asked for. */
export const forgetProofs = async (
  tx: Transaction,
  { id, session }: Pick<Actor, 'id' | 'session'>,
): Promise<void> => {
  await forgetAttempts(tx, attemptKey('proof', id))
  if (session !== undefined) await forgetProofTries(tx, session)
}

/**
 * The same for who has shown a code, where the account has no password: otherwise that proves a part only, which a thief
 * who sets a second factor up and gives it up has in hand, and tries of the password are counted on.
 */
export const forgetProofsByCode = async (
  tx: Transaction,
  actor: Pick<Actor, 'id' | 'session'>,
): Promise<void> => {
  if ((await findPasswordHash(tx, UserId.parse(actor.id))) === null) await forgetProofs(tx, actor)
}
