import type { User } from '@comptoir/contracts/identity/model'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { saveVerified } from './db/users.ts'
import { verification } from './domain/user.ts'

/** Notes that letters reach the person, whom the transaction has locked; false where that was known. */
export const markVerified = async (ctx: Context, tx: Transaction, user: User): Promise<boolean> => {
  if (user.emailVerified) return false
  const version = await saveVerified(tx, user.id, ctx.clock.now())
  await ctx.emit(tx, [verification({ ...user, version })])
  return true
}
