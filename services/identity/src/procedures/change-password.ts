import { commonError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { UserId } from '@comptoir/contracts/ids'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { findPasswordHash, keepPassword } from '../db/passwords.ts'
import { findUser } from '../db/users.ts'
import { refuseGuessable } from '../guessable.ts'
import { setPassword } from '../new-password.ts'
import { countProof, forgetProofs } from '../proof-tries.ts'
import { refuseThirdParties } from '../refuse-third-parties.ts'
import { demandStanding } from '../standing.ts'

/** Somebody who signs in through a provider only has no password so far: a letter gives them one. */
export const changePassword: Procedure<typeof identity.changePassword, Context> = async ({ ctx, input }) => {
  refuseThirdParties(ctx.actor)
  const id = UserId.parse(ctx.actor.id)
  const known = await findUser(ctx.db, id)
  if (known === undefined) throw commonError('UNAUTHENTICATED')
  refuseGuessable(ctx, input.password, [known.email, known.name])
  await countProof(ctx, 'PASSWORD_THROTTLED')
  const former = (await findPasswordHash(ctx.db, id)) ?? null
  if (!(await ctx.passwords.matches(input.currentPassword, former))) throw ctx.fail('PASSWORD_WRONG')
  const hash = await ctx.passwords.hash(input.password)

  return ctx.transaction(async (tx) => {
    const user = await demandStanding(ctx, tx)
    // Of two changes at once, the second has named a password that is not the one so far any more.
    if (!(await keepPassword(tx, { id, hash: former, renewed: undefined }))) throw ctx.fail('PASSWORD_WRONG')
    await setPassword(ctx, tx, { user, hash, except: ctx.actor.session })
    // A password proves less than is asked for where there is a second factor: its tries are counted on.
    if ((await findHolder(tx, id))?.secondFactor === false) await forgetProofs(tx, ctx.actor)
    await audit(ctx, tx, { action: 'account.password_changed', target: id })
    return null
  })
}
