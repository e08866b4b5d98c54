import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { keepPassword } from '../db/passwords.ts'
import { bumpUser, findCredentials } from '../db/users.ts'
import { signIn } from '../domain/user.ts'
import { knowNetwork } from '../known-networks.ts'
import { countTry, forgetTries } from '../login-tries.ts'
import { renewedHash } from '../renewed-hash.ts'
import { demandFactor } from '../second-factor.ts'
import { openSession } from '../sessions.ts'

export const login: Procedure<typeof identity.login, Context> = async ({ ctx, input }) => {
  await countTry(ctx, input.email)
  const known = await findCredentials(ctx.db, input.email)
  const fits = await ctx.passwords.matches(input.password, known?.passwordHash)
  if (known === undefined || !fits) throw ctx.fail('CREDENTIALS_INVALID')

  const renewed = await renewedHash(ctx, input.password, known.passwordHash)

  return ctx.transaction(async (tx) => {
    const user = await bumpUser(tx, known.id, ctx.clock.now())
    const holder = await findHolder(tx, known.id)
    // Not by a password that was changed since it was looked at.
    const kept = await keepPassword(tx, { id: known.id, hash: known.passwordHash, renewed })
    if (user === undefined || holder === undefined || !kept) throw ctx.fail('CREDENTIALS_INVALID')
    const by = await demandFactor(ctx, tx, { holder, code: input.code })
    await forgetTries(tx, input.email)
    await knowNetwork(ctx, tx, known.id)
    const guestId = ctx.actor.kind === 'guest' ? ctx.actor.id : null
    await ctx.emit(tx, [signIn({ userId: known.id, version: user.version }, guestId)])
    const session = await openSession(ctx, tx, { holder, secondFactor: by !== undefined })
    const facts = { by: 'password', secondFactor: by ?? 'none' }
    await audit(ctx, tx, { action: 'session.opened', target: holder.id, facts })
    return session
  })
}
