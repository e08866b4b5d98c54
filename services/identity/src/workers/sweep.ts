import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { deleteExpiredCodes } from '../db/authorization-codes.ts'
import { deleteExpiredLetters } from '../db/letters.ts'
import { deleteOldAttempts } from '../db/login-attempts.ts'
import { deleteExpiredSignIns } from '../db/provider-sign-ins.ts'
import { deleteExpiredTokens } from '../db/refresh-tokens.ts'
import { deleteOldRevocations } from '../db/revocations.ts'
import { deleteExpiredSessions } from '../db/sessions.ts'
import { deleteOldKeys } from '../db/signing-keys.ts'
import { accessTokenMs } from '../domain/session.ts'
import { letterThrottle, throttle } from '../domain/throttle.ts'

const batch = 1_000

/** Deletes what decides nothing any more: tokens and sessions a day after their end, tries that left the window, keys. */
export const sweep: Worker<Context> = {
  name: 'sweep',
  everyMs: 10 * 60_000,
  run: async (ctx) => {
    const now = ctx.clock.now().getTime()
    await deleteOldRevocations(ctx.db, new Date(now - 2 * accessTokenMs))
    await deleteOldKeys(ctx.db, new Date(now))
    await deleteOldAttempts(ctx.db, new Date(now - Math.max(throttle.windowMs, letterThrottle.windowMs)))
    const aDayAgo = new Date(now - 24 * 60 * 60_000)
    // Longer than the outbox keeps what it told of them, so that an erasure finds all of it.
    await deleteExpiredLetters(ctx.db, new Date(now - 8 * 24 * 60 * 60_000))
    const deleted = [
      await deleteExpiredCodes(ctx.db, aDayAgo, batch),
      await deleteExpiredSignIns(ctx.db, aDayAgo, batch),
      await deleteExpiredTokens(ctx.db, aDayAgo, batch),
      await deleteExpiredSessions(ctx.db, aDayAgo, batch),
    ]
    return deleted.includes(batch)
  },
}
