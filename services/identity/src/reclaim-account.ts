import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import { changeRights } from './change-rights.ts'
import type { Context } from './context.ts'
import { deleteExternalIdentities, forgetAllUnlinked } from './db/external-identities.ts'
import { endLetters } from './db/letters.ts'
import { removePassword } from './db/passwords.ts'
import { deleteFactor } from './db/second-factors.ts'
import { forgetNetworks } from './db/sign-in-networks.ts'
import { type EndedMachine, endMachinesOf } from './end-machines.ts'
import { markVerified } from './verification.ts'

/**
 * Gives an account, which the transaction has locked, to whoever has proved its address, which nobody had before: what
 * would let in somebody who opened it with an address that was not theirs is gone, or act for them: keys and clients. So is
 * what they unlinked, which would keep the owner's account there out. Its sessions are still to be ended, and what is `ended`
 * to be written down.
 */
export const reclaimAccount = async (
  ctx: Context,
  tx: Transaction,
  user: User,
): Promise<{ passwordRemoved: boolean; ended: EndedMachine[] }> => {
  await markVerified(ctx, tx, user)
  await deleteFactor(tx, user.id)
  await changeRights(ctx, tx, user.id)
  await deleteExternalIdentities(tx, user.id)
  await forgetNetworks(tx, user.id)
  await forgetAllUnlinked(tx, user.id)
  for (const purpose of ['email-verification', 'password-reset', 'email-change'] as const)
    await endLetters(tx, purpose, { userId: user.id, now: ctx.clock.now() })
  const ended = await endMachinesOf(ctx, tx, user.id)
  return { passwordRemoved: await removePassword(tx, user.id), ended }
}
