import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { isSealed } from '../security/sealing.ts'

/** How long somebody may take at the provider. */
export const tripMs = 10 * 60_000

/** 256 random bits. */
export const randomText = (): string => randomBytes(32).toString('base64url')

/** Of the state and of the browser's cookie: neither is worth anything without the other. */
export const stateHashOf = (state: string, binding: string): string =>
  createHash('sha256').update(`${state}.${binding}`).digest('hex')

const labelOf = (stateHash: string): string => `provider-sign-in:${stateHash}`

export const sealVerifier = async (ctx: Context, stateHash: string, verifier: string): Promise<string> =>
  ctx.sealing === undefined ? verifier : ctx.sealing.seal(verifier, labelOf(stateHash))

export const openVerifier = async (ctx: Context, stateHash: string, stored: string): Promise<string> => {
  if (!isSealed(stored)) return stored
  if (ctx.sealing === undefined) throw new Error('KEY_ENCRYPTION_SECRET is missing and sign-ins are sealed')
  return ctx.sealing.open(stored, labelOf(stateHash))
}
