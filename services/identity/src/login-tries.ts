import { proofErrors } from '@comptoir/contracts/identity/second-factor'
import type { Transaction } from '@comptoir/service-kit/database'
import { forgetAttempts } from './db/login-attempts.ts'
import { strangersThrottle, throttle } from './domain/throttle.ts'
import { type Calling, isFromKnownNetwork } from './known-networks.ts'
import { loginKey, networkKey } from './security/attempt-key.ts'
import { countWithin } from './tries.ts'

const throttled = { code: 'LOGIN_THROTTLED', declared: proofErrors.LOGIN_THROTTLED }

/**
 * Counts a try to sign in, by a password and a code: one limit holds for both. Throws LOGIN_THROTTLED where the account has
 * used up its tries from this network, or from all of those together where nobody has signed in to it: so no stranger
 * elsewhere keeps an owner out of where they have been before.
 */
export const countTry = async (ctx: Calling, email: string): Promise<void> => {
  const account = loginKey(email)
  const isKnown = await isFromKnownNetwork(ctx, email)
  const here = networkKey(account, ctx.network)
  await countWithin(ctx, here, { ...throttled, limit: throttle, within: account })
  // Only those that the first has let through: whoever guesses on is looked at no more, and uses nothing up.
  if (!isKnown) await countWithin(ctx, account, { ...throttled, limit: strangersThrottle, within: account })
}

/** Forgets the tries of somebody who has shown all that proves who they are, and of nobody who has shown a part of it. */
export const forgetTries = (tx: Transaction, email: string): Promise<void> =>
  forgetAttempts(tx, loginKey(email))
