import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { takeWithin } from '../db/login-attempts.ts'
import { insertResetRequest } from '../db/reset-requests.ts'
import { letterThrottle } from '../domain/throttle.ts'
import { attemptKey } from '../security/attempt-key.ts'

/**
 * Does the same for every address, known or not. One letter too many is left out in silence: who asks too often learns
 * nothing by it, and whoever the account belongs to has the letters before.
 */
export const requestPasswordReset: Procedure<typeof identity.requestPasswordReset, Context> = async ({
  ctx,
  input: { email },
}) => {
  const now = ctx.clock.now()
  const key = attemptKey('password-reset', email)
  if (!(await takeWithin(ctx.db, key, { now, limit: letterThrottle }))) return null
  await insertResetRequest(ctx.db, { id: ctx.ids.next(), email, createdAt: now })
  ctx.wake('write-reset-letters')
  return null
}
