import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { findPassword } from '../db/users.ts'
import { countProof, forgetProofs } from '../proof-tries.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'
import { demandFactor } from '../second-factor.ts'
import { proveAgain } from '../sessions.ts'

/**
 * All that the account has must be shown: the password, and a code of the second factor. Somebody without a password, who
 * comes in through a provider, shows the code; with neither, only the provider can tell who they are, by `startProviderProof`.
 */
export const reauthenticate: Procedure<typeof identity.reauthenticate, Context> = async ({ ctx, input }) => {
  // A third party has a session of its own, which the person's password must not make worth more.
  refuseThirdParties(ctx.actor)
  const { session: id } = ctx.actor
  const userId = UserId.parse(ctx.actor.id)
  const known = await findPassword(ctx.db, userId)
  if (known === undefined || id === undefined) throw commonError('UNAUTHENTICATED')
  await countProof(ctx)
  const hasPassword = known.passwordHash !== null
  if (hasPassword && !(await ctx.passwords.matches(input.password ?? '', known.passwordHash)))
    throw ctx.fail('CREDENTIALS_INVALID')

  return ctx.transaction(async (tx) => {
    const holder = await findHolder(tx, userId)
    if (holder === undefined) throw commonError('UNAUTHENTICATED')
    if (!hasPassword && !holder.secondFactor) throw ctx.fail('CREDENTIALS_INVALID')
    const by = await demandFactor(ctx, tx, { holder, code: input.code })
    const session = await proveAgain(ctx, tx, { id, holder, secondFactor: by !== undefined })
    if (session === undefined) throw commonError('UNAUTHENTICATED')
    await forgetProofs(tx, ctx.actor)
    const facts = { secondFactor: by ?? 'none' }
    await audit(ctx, tx, { action: 'session.reauthenticated', target: userId, facts })
    return session
  })
}
