import { declaredError } from '@comptoir/contracts/errors'
import { proofErrors } from '@comptoir/contracts/identity/second-factor'
import { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import {
  lockFactor,
  replaceRecoveryCodes,
  type StoredFactor,
  takeRecoveryCode,
  takeStep,
} from './db/second-factors.ts'
import type { Holder } from './domain/rights.ts'
import { hashRecoveryCode, makeRecoveryCodes } from './security/recovery-codes.ts'
import { isSealed } from './security/sealing.ts'
import { stepOfCode } from './security/totp.ts'

/** By what a person has shown their second factor. */
export type FactorShown = 'totp' | 'recovery'

/**
 * Has somebody show the second factor that they have; undefined for one who has none. Asked only once everything else has
 * been shown, or it would tell strangers which accounts there are. Throws SECOND_FACTOR_REQUIRED and SECOND_FACTOR_INVALID.
 */
export const demandFactor = async (
  ctx: Context,
  tx: Transaction,
  { holder, code }: { holder: Holder; code: string | undefined },
): Promise<FactorShown | undefined> => {
  if (!holder.secondFactor) return undefined
  if (code === undefined) throw declaredError(proofErrors, 'SECOND_FACTOR_REQUIRED')
  const shown = await showFactor(ctx, tx, { userId: UserId.parse(holder.id), code })
  if (shown === undefined) throw declaredError(proofErrors, 'SECOND_FACTOR_INVALID')
  return shown
}

/** Takes a code of a second factor that counts; undefined where it fits nothing, or was taken before. */
export const showFactor = async (
  ctx: Context,
  tx: Transaction,
  { userId, code }: { userId: UserId; code: string },
): Promise<FactorShown | undefined> => {
  const factor = await lockFactor(tx, userId)
  if (factor === undefined || factor.confirmedAt === null) return undefined
  if (/^\d{6}$/.test(code)) return (await takeCode(ctx, tx, { userId, code, factor })) ? 'totp' : undefined
  const taken = { codeHash: hashRecoveryCode(code), at: ctx.clock.now() }
  return (await takeRecoveryCode(tx, userId, taken)) ? 'recovery' : undefined
}

/** Takes a code of the authenticator: each works once (RFC 6238, 5.2). */
export const takeCode = async (
  ctx: Context,
  tx: Transaction,
  { userId, code, factor }: { userId: UserId; code: string; factor: StoredFactor },
): Promise<boolean> => {
  const secret = await openSecret(ctx, userId, factor.secret)
  const step = stepOfCode(secret, code, ctx.clock.now())
  return step !== undefined && takeStep(tx, userId, step)
}

/** Gives a person ten new recovery codes; what is kept of them does not tell them. */
export const giveRecoveryCodes = async (ctx: Context, tx: Transaction, userId: UserId): Promise<string[]> => {
  const codes = makeRecoveryCodes()
  const createdAt = ctx.clock.now()
  await replaceRecoveryCodes(
    tx,
    userId,
    codes.map((code) => ({ id: ctx.ids.next(), codeHash: hashRecoveryCode(code), createdAt })),
  )
  return codes
}

/** Under a label of its own, so that one person's secret opens for nobody else. */
const labelOf = (userId: UserId): string => `totp:${userId}`

export const sealSecret = async (ctx: Context, userId: UserId, secret: string): Promise<string> =>
  ctx.sealing === undefined ? secret : ctx.sealing.seal(secret, labelOf(userId))

const openSecret = async (ctx: Context, userId: UserId, stored: string): Promise<string> => {
  if (!isSealed(stored)) return stored
  if (ctx.sealing === undefined)
    throw new Error('KEY_ENCRYPTION_SECRET is missing and second factors are sealed')
  return ctx.sealing.open(stored, labelOf(userId))
}
