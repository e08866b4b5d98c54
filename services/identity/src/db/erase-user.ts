import type { UserId } from '@comptoir/contracts/ids'
import { redactedEmail } from '@comptoir/contracts/redacted'
import type { Transaction } from '@comptoir/service-kit/database'
import { deleteAnswersOf, noteRedaction } from '@comptoir/service-kit/redact-kept'
import { eq } from 'drizzle-orm'
import { authorizationCodes, providerSignIns } from './schema/clients.ts'
import { emailChanges, emailVerifications, passwordResets } from './schema/letters.ts'
import { addresses, externalIdentities, signInNetworks, unlinkedIdentities, users } from './schema/people.ts'
import { deleteFactor } from './second-factors.ts'

/** What was theirs alone; the sessions stay, ended and nameless, until they expire. */
const owned = [
  addresses,
  externalIdentities,
  unlinkedIdentities,
  signInNetworks,
  authorizationCodes,
  providerSignIns,
]
const letters = [emailVerifications, emailChanges, passwordResets]

/**
 * Leaves of somebody nothing but an id, by which orders and the audit log go on naming them. Their address can open an
 * account again.
 */
export const eraseUser = async (
  tx: Transaction,
  { id, version, at }: { id: UserId; version: number; at: Date },
): Promise<void> => {
  await deleteFactor(tx, id)
  for (const table of owned) await tx.delete(table).where(eq(table.userId, id))
  await tx
    .update(users)
    .set({
      email: `${id}@erased.invalid`,
      emailVerifiedAt: null,
      passwordHash: null,
      name: '',
      phone: null,
      locale: 'en',
      version,
      erasedAt: at,
      updatedAt: at,
    })
    .where(eq(users.id, id))
  const fields = { email: redactedEmail, name: '', phone: null, locale: 'en', providers: [], machines: [] }
  const told = { id, fields }
  await noteRedaction(tx, told, 'user')
  for (const table of letters)
    for (const letter of await tx.delete(table).where(eq(table.userId, id)).returning({ id: table.id }))
      await noteRedaction(tx, { ...told, id: letter.id }, 'letter')
  await deleteAnswersOf(tx, { kind: 'customer', id })
}
