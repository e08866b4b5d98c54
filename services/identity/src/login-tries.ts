import { ServiceError } from '@comptoir/contracts/errors'
import { proofErrors } from '@comptoir/contracts/identity/second-factor'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { forgetAttempts, oldestAttempt, takeAttempt } from './db/login-attempts.ts'
import { retryAfterSeconds } from './domain/throttle.ts'
import { loginKey } from './security/attempt-key.ts'

/**
 * Counts a try to prove who somebody is, by a password or by a code: one limit holds for all of them. Throws
 * LOGIN_THROTTLED where the account has used up its tries. Counted outside of any transaction, so that a refusal, which
 * undoes its own, still counts.
 */
export const countTry = async (ctx: Context, email: string): Promise<void> => {
  const account = loginKey(email)
  const now = ctx.clock.now()
  if (await takeAttempt(ctx.db, account, now)) return
  throw new ServiceError('LOGIN_THROTTLED', {
    ...proofErrors.LOGIN_THROTTLED,
    retryAfterSeconds: retryAfterSeconds(await oldestAttempt(ctx.db, account, now), now),
  })
}

/** Forgets the tries of somebody who has shown all that proves who they are, and of nobody who has shown a part of it. */
export const forgetTries = (tx: Transaction, email: string): Promise<void> =>
  forgetAttempts(tx, loginKey(email))
