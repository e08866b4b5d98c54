import type { Actor } from '@comptoir/contracts/access'
import { declaredError } from '@comptoir/contracts/errors'
import { type Account, staffProcedures } from '@comptoir/contracts/identity/staff'
import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Context } from './context.ts'
import { lockAccount } from './db/accounts.ts'
import { lockRights } from './db/roles.ts'
import { holdsAll } from './domain/roles.ts'

/**
 * The account that somebody of the staff is about to change, locked, while nobody else changes who may do what. Throws
 * USER_NOT_FOUND, and SCOPES_NOT_HELD where it has a right that they do not hold themselves.
 */
export const lockChangeable = async (
  ctx: Context & { readonly actor: Actor },
  tx: Transaction,
  userId: UserId,
): Promise<Account> => {
  await lockRights(tx)
  const known = await lockAccount(tx, userId)
  const { errors } = staffProcedures.enableUser
  if (known === undefined) throw declaredError(errors, 'USER_NOT_FOUND')
  if (!holdsAll(ctx.actor, known.scopes)) throw declaredError(errors, 'SCOPES_NOT_HELD')
  return known.account
}
