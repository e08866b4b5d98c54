import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { insertSignIn, type ProviderSignIn } from '../db/provider-sign-ins.ts'
import { isSealed } from '../security/sealing.ts'

/** How long somebody may take at the provider. */
const tripMs = 10 * 60_000

/** What only the two ends of a trip know. */
export interface TripSecrets {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** 256 random bits each. */
export const makeTripSecrets = (): TripSecrets => ({
  state: randomText(),
  nonce: randomText(),
  codeVerifier: randomText(),
})

const randomText = (): string => randomBytes(32).toString('base64url')

/** Writes down what is to be known when somebody comes back. `binding` is what their browser, and no other, will show then. */
export const storeTrip = async (
  ctx: Context,
  { state, nonce, codeVerifier }: TripSecrets,
  {
    binding,
    ...trip
  }: Pick<ProviderSignIn, 'provider' | 'returnTo' | 'guestId' | 'purpose' | 'userId'> & {
    readonly binding: string
  },
): Promise<void> => {
  const createdAt = ctx.clock.now()
  const stateHash = stateHashOf(state, binding)
  await insertSignIn(ctx.db, {
    ...trip,
    stateHash,
    nonce,
    codeVerifier: await sealVerifier(ctx, stateHash, codeVerifier),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + tripMs),
  })
}

/** Of the state and of what the browser holds: neither is worth anything without the other. */
export const stateHashOf = (state: string, binding: string): string =>
  createHash('sha256').update(`${state}.${binding}`).digest('hex')

const labelOf = (stateHash: string): string => `provider-sign-in:${stateHash}`

const sealVerifier = async (ctx: Context, stateHash: string, verifier: string): Promise<string> =>
  ctx.sealing === undefined ? verifier : ctx.sealing.seal(verifier, labelOf(stateHash))

export const openVerifier = async (ctx: Context, stateHash: string, stored: string): Promise<string> => {
  if (!isSealed(stored)) return stored
  if (ctx.sealing === undefined) throw new Error('KEY_ENCRYPTION_SECRET is missing and sign-ins are sealed')
  return ctx.sealing.open(stored, labelOf(stateHash))
}
