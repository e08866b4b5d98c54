import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { deleteExternalIdentities } from '../db/external-identities.ts'
import { findAddressee, takeToken } from '../db/letters.ts'
import { findUser, lockUser } from '../db/users.ts'
import { refuseGuessable } from '../guessable.ts'
import { knowNetwork } from '../known-networks.ts'
import { forgetTries } from '../login-tries.ts'
import { setPassword } from '../new-password.ts'
import { forgetProofs } from '../proof-tries.ts'
import { reclaimAccount } from '../reclaim-account.ts'
import { hashToken } from '../security/secret-tokens.ts'

/** Signs nobody in: who holds the letter has the mailbox, which is not all that an account may ask for. */
export const resetPassword: Procedure<typeof identity.resetPassword, Context> = async ({ ctx, input }) => {
  const tokenHash = hashToken(input.token)
  const where = { where: { tokenHash }, now: ctx.clock.now() }
  const userId = await findAddressee(ctx.db, 'password-reset', where)
  const known = userId && (await findUser(ctx.db, userId))
  // Before the costly hash, and again under the lock.
  if (!known) throw ctx.fail('RESET_TOKEN_INVALID')
  refuseGuessable(ctx, input.password, [known.email, known.name])
  const hash = await ctx.passwords.hash(input.password)

  return ctx.transaction(async (tx) => {
    const now = ctx.clock.now()
    const user = await lockUser(tx, known.id)
    const taken = user && (await takeToken(tx, 'password-reset', { userId: user.id, tokenHash, now }))
    if (!user || !taken) throw ctx.fail('RESET_TOKEN_INVALID')
    // Whoever had the account before never had the mailbox.
    const { ended } = user.emailVerified ? { ended: [] } : await reclaimAccount(ctx, tx, user)
    await deleteExternalIdentities(tx, user.id)
    await setPassword(ctx, tx, { user, hash })
    // Who was kept out by somebody else's guesses gets in with the new one at once.
    await forgetTries(tx, user.email)
    await forgetProofs(tx, { id: user.id })
    await knowNetwork(ctx, tx, user.id)
    await audit(ctx, tx, { action: 'account.password_reset', target: user.id })
    for (const machine of ended) await audit(ctx, tx, machine)
    return null
  })
}
