import { proofErrors } from '@comptoir/contracts/identity/second-factor'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { forgetAttempts } from './db/login-attempts.ts'
import { throttle } from './domain/throttle.ts'
import { loginKey } from './security/attempt-key.ts'
import { countWithin } from './tries.ts'

/**
 * Counts a try to sign in, by a password and a code: one limit holds for both. Throws LOGIN_THROTTLED where the account has
 * used up its tries, whoever it was that made them.
 */
export const countTry = (ctx: Context, email: string): Promise<void> =>
  countWithin(ctx, loginKey(email), {
    limit: throttle,
    code: 'LOGIN_THROTTLED',
    declared: proofErrors.LOGIN_THROTTLED,
  })

/** Forgets the tries of somebody who has shown all that proves who they are, and of nobody who has shown a part of it. */
export const forgetTries = (tx: Transaction, email: string): Promise<void> =>
  forgetAttempts(tx, loginKey(email))
