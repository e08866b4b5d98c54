// People with and without a second factor, as an authenticator and its owner make them.
import type { Shop } from '@comptoir/dev/demo/shop'
import { codeOfStep, fromBase32 } from '../../services/identity/src/security/totp.ts'

export const password = 'a long enough password'

const stepNow = (): number => Math.floor(Date.now() / 30_000)
/** The code of this half minute unless told. */
export const codeOf = (secret: string, step = stepNow()): string => codeOfStep(fromBase32(secret), step)

/** A code that was never shown: `guard` has used those of the steps before. */
export const nextCodeOf = (secret: string): string => codeOf(secret, stepNow() + 1)

/** Six digits that are no code of the secret about now. */
export const wrongCodeOf = (secret: string): string => {
  const right = [-2, -1, 0, 1, 2].map((near) => codeOf(secret, stepNow() + near))
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? ''
  )
}

export interface Member {
  readonly email: string
  readonly token: string
}
export interface Guarded extends Member {
  readonly secret: string
}

export const openAccount = async (shop: Shop): Promise<Member> => {
  const email = `ada.${crypto.randomUUID()}@example.com`
  const { accessToken: token } = await shop('identity', 'register', { email, password, name: 'Ada Lovelace' })
  return { email, token }
}

/** Sets a second factor up and signs in with it; the code of the step before confirms it, because each works once. */
export const guard = async (shop: Shop, { email, token }: Member): Promise<Guarded> => {
  const { secret } = await shop('identity', 'enrolSecondFactor', {}, { token })
  const step = stepNow()
  await shop('identity', 'confirmSecondFactor', { code: codeOf(secret, step - 1) }, { token })
  const session = await shop('identity', 'login', { email, password, code: codeOf(secret, step) })
  return { email, secret, token: session.accessToken }
}
