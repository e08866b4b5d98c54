import { type ErrorDeclaration, ServiceError } from '@comptoir/contracts/errors'
import type { Context } from './context.ts'
import { oldestAttempt, takeWithin } from './db/login-attempts.ts'
import { type Limit, retryAfterSeconds } from './domain/throttle.ts'

/**
 * Counts a try under a key, or refuses it with an error that says when to come back. Counted outside of any transaction, so
 * that a refusal, which undoes its own, still counts.
 */
export const countWithin = async (
  ctx: Context,
  key: string,
  {
    limit,
    code,
    declared,
    within,
  }: { limit: Limit; code: string; declared: ErrorDeclaration; within?: string },
): Promise<void> => {
  const now = ctx.clock.now()
  if (await takeWithin(ctx.db, key, { now, limit, within })) return
  const oldest = await oldestAttempt(ctx.db, key, { now, limit })
  const { status, message } = declared
  throw new ServiceError(code, { status, message, retryAfterSeconds: retryAfterSeconds(oldest, now, limit) })
}
