import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { takeWithin } from '../db/login-attempts.ts'
import { insertResetRequest } from '../db/reset-requests.ts'
import { resetThrottle } from '../domain/throttle.ts'
import { isFromKnownNetwork } from '../known-networks.ts'
import { attemptKey, networkKey } from '../security/attempt-key.ts'

/**
 * Does the same for every address, known or not. One letter too many is left out in silence: who asks too often learns
 * nothing by it, and whoever the account belongs to has the letters before. Where they have signed in before, strangers
 * elsewhere do not even use these up.
 */
export const requestPasswordReset: Procedure<typeof identity.requestPasswordReset, Context> = async ({
  ctx,
  input: { email },
}) => {
  const now = ctx.clock.now()
  const account = attemptKey('password-reset', email)
  const isKnown = await isFromKnownNetwork(ctx, email)
  const key = isKnown ? networkKey(account, ctx.network) : account
  const within = isKnown ? account : undefined
  if (!(await takeWithin(ctx.db, key, { now, limit: resetThrottle, within }))) return null
  await insertResetRequest(ctx.db, { id: ctx.ids.next(), email, createdAt: now })
  ctx.wake('write-reset-letters')
  return null
}
