import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { deleteExpired } from '../db/delete-expired.ts'
import { deleteOfErased } from '../db/delete-of-erased.ts'
import { deleteExpiredLetters } from '../db/letters.ts'
import { deleteOldAttempts } from '../db/login-attempts.ts'
import { deleteOldRevocations } from '../db/revocations.ts'
import { authorizationCodes, providerSignIns } from '../db/schema/clients.ts'
import { refreshTokens, sessions } from '../db/schema/sessions.ts'
import { deleteOldNetworks } from '../db/sign-in-networks.ts'
import { deleteOldKeys } from '../db/signing-keys.ts'
import { accessTokenMs } from '../domain/session.ts'
import {
  letterThrottle,
  networkKnownMs,
  resetThrottle,
  strangersThrottle,
  throttle,
} from '../domain/throttle.ts'

const batch = 1_000

const expiring = [
  { table: authorizationCodes, key: authorizationCodes.codeHash, expiresAt: authorizationCodes.expiresAt },
  { table: providerSignIns, key: providerSignIns.stateHash, expiresAt: providerSignIns.expiresAt },
  { table: refreshTokens, key: refreshTokens.id, expiresAt: refreshTokens.expiresAt },
  { table: sessions, key: sessions.id, expiresAt: sessions.expiresAt },
]

/**
 * Deletes what decides nothing any more: tokens and sessions a day after their end, tries that left the window, keys; and
 * what is left of the erased.
 */
export const sweep: Worker<Context> = {
  name: 'sweep',
  everyMs: 10 * 60_000,
  run: async (ctx) => {
    const now = ctx.clock.now().getTime()
    await deleteOldRevocations(ctx.db, new Date(now - 2 * accessTokenMs))
    await deleteOldKeys(ctx.db, new Date(now))
    await deleteOldAttempts(ctx.db, {
      everywhere: new Date(now - strangersThrottle.windowMs),
      before: new Date(now - Math.max(throttle.windowMs, letterThrottle.windowMs, resetThrottle.windowMs)),
    })
    await deleteOldNetworks(ctx.db, new Date(now - networkKnownMs))
    const aDayAgo = new Date(now - 24 * 60 * 60_000)
    // Longer than the outbox keeps what it told of them, so that an erasure finds all of it.
    await deleteExpiredLetters(ctx.db, new Date(now - 8 * 24 * 60 * 60_000))
    await deleteOfErased(ctx.db, batch)
    const deleted: number[] = []
    for (const rows of expiring)
      deleted.push(await deleteExpired(ctx.db, rows, { before: aDayAgo, limit: batch }))
    return deleted.includes(batch)
  },
}
