import type { Transaction } from '@comptoir/service-kit/database'
import type { Worker } from '@comptoir/service-kit/worker'
import type { Context } from '../context.ts'
import { findHolder } from '../db/holders.ts'
import { takeResetRequests } from '../db/reset-requests.ts'
import { findCredentials, lockUser } from '../db/users.ts'
import { requestLetter } from '../letters.ts'

const batch = 20

/** Has the letters for a new password written, to those of the addresses asked for that have an account. */
export const writeResetLetters: Worker<Context> = {
  name: 'write-reset-letters',
  everyMs: 2_000,
  run: (ctx) =>
    ctx.transaction(async (tx) => {
      const emails = await takeResetRequests(tx, batch)
      // In the same order everywhere: each is locked.
      for (const email of emails.toSorted()) await writeTo(ctx, tx, email)
      return emails.length === batch
    }),
}

const writeTo = async (ctx: Context, tx: Transaction, email: string): Promise<void> => {
  const known = await findCredentials(tx, email)
  const user = known && (await lockUser(tx, known.id))
  // They may have another address by now.
  if (user?.email.toLowerCase() !== email.toLowerCase()) return
  // Who may not sign in needs no password.
  if (user === undefined || (await findHolder(tx, user.id)) === undefined) return
  await requestLetter(ctx, tx, { purpose: 'password-reset', user })
}
