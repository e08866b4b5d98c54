import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import { changeRights } from './change-rights.ts'
import type { Context } from './context.ts'
import { deleteExternalIdentities } from './db/external-identities.ts'
import { endLetters } from './db/letters.ts'
import { removePassword } from './db/passwords.ts'
import { deleteFactor } from './db/second-factors.ts'
import { markVerified } from './verification.ts'

/**
 * Gives an account, which the transaction has locked, to whoever has proved its address, which nobody had before: what
 * would let in somebody who opened it with an address that was not theirs is gone. Whether a password was among that. Its
 * sessions are still to be ended.
 */
export const reclaimAccount = async (ctx: Context, tx: Transaction, user: User): Promise<boolean> => {
  await markVerified(ctx, tx, user)
  await deleteFactor(tx, user.id)
  await changeRights(ctx, tx, user.id)
  await deleteExternalIdentities(tx, user.id)
  for (const purpose of ['email-verification', 'password-reset', 'email-change'] as const)
    await endLetters(tx, purpose, { userId: user.id, now: ctx.clock.now() })
  return removePassword(tx, user.id)
}
