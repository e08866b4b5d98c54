import { ServiceError } from '@comptoir/contracts/errors'
import { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { forgetAttempts, oldestAttempt, takeAttempt } from '../db/login-attempts.ts'
import { keepPassword } from '../db/passwords.ts'
import { bumpUser, findCredentials } from '../db/users.ts'
import { retryAfterSeconds } from '../domain/throttle.ts'
import { signIn } from '../domain/user.ts'
import { renewedHash } from '../renewed-hash.ts'
import { loginKey } from '../security/attempt-key.ts'
import { openSession } from '../sessions.ts'

export const login: Procedure<typeof identity.login, Context> = async ({ ctx, input }) => {
  const account = loginKey(input.email)
  const now = ctx.clock.now()
  if (!(await takeAttempt(ctx.db, account, now)))
    throw throttled(await oldestAttempt(ctx.db, account, now), now)

  const known = await findCredentials(ctx.db, input.email)
  const fits = await ctx.passwords.matches(input.password, known?.passwordHash)
  if (known === undefined || !fits) throw ctx.fail('CREDENTIALS_INVALID')

  const renewed = await renewedHash(ctx, input.password, known.passwordHash)

  return ctx.transaction(async (tx) => {
    const user = await bumpUser(tx, known.id, now)
    const holder = await findHolder(tx, known.id)
    // Not by a password that was changed since it was looked at.
    const kept = await keepPassword(tx, { id: known.id, hash: known.passwordHash, renewed })
    if (user === undefined || holder === undefined || !kept) throw ctx.fail('CREDENTIALS_INVALID')
    await forgetAttempts(tx, account)
    const guestId = ctx.actor.kind === 'guest' ? ctx.actor.id : null
    await ctx.emit(tx, [signIn({ userId: known.id, version: user.version }, guestId)])
    const session = await openSession(ctx, tx, { holder })
    await audit(ctx, tx, { action: 'session.opened', target: holder.id, facts: { by: 'password' } })
    return session
  })
}

const throttled = (oldest: Date, now: Date): ServiceError =>
  new ServiceError('LOGIN_THROTTLED', {
    ...identity.login.errors.LOGIN_THROTTLED,
    retryAfterSeconds: retryAfterSeconds(oldest, now),
  })
