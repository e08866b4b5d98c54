import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Claims, Namesake } from '../domain/provider-claims.ts'
import { externalIdentities, unlinkedIdentities, users } from './schema/people.ts'

/** Whose account somebody at a provider is linked to. */
export const findExternalIdentity = async (
  tx: Transaction,
  { issuer, subject }: Pick<Claims, 'issuer' | 'subject'>,
): Promise<UserId | undefined> => {
  const [row] = await tx
    .select({ userId: externalIdentities.userId })
    .from(externalIdentities)
    .where(and(eq(externalIdentities.issuer, issuer), eq(externalIdentities.subject, subject)))
  return row?.userId
}

export interface ExternalIdentity {
  readonly id: string
  readonly issuer: string
  readonly linkedAt: Date
}

/** What an account is linked to, oldest first. */
export const listExternalIdentities = (db: Queryable, userId: UserId): Promise<ExternalIdentity[]> =>
  db
    .select({
      id: externalIdentities.id,
      issuer: externalIdentities.issuer,
      linkedAt: externalIdentities.linkedAt,
    })
    .from(externalIdentities)
    .where(eq(externalIdentities.userId, userId))
    .orderBy(asc(externalIdentities.linkedAt), asc(externalIdentities.id))

/** Links an account; false where somebody else was faster with the same person at the provider. */
export const insertExternalIdentity = async (
  tx: Transaction,
  link: typeof externalIdentities.$inferInsert,
): Promise<boolean> => {
  const rows = await tx
    .insert(externalIdentities)
    .values(link)
    .onConflictDoNothing()
    .returning({ id: externalIdentities.id })
  return rows.length === 1
}

/** The account with an address, locked, so that neither its role nor what is known of the address changes meanwhile. */
export const lockNamesake = async (tx: Transaction, email: string): Promise<Namesake | undefined> => {
  const [row] = await tx
    .select({ id: users.id, role: users.role, emailVerifiedAt: users.emailVerifiedAt })
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, email.toLowerCase()), isNull(users.erasedAt)))
    .for('update')
  return row
}

/** Ends a link for good: it is remembered that the address alone must not make it again. */
export const unlinkExternalIdentity = async (tx: Transaction, id: string, at: Date): Promise<void> => {
  const unlinked = await tx.delete(externalIdentities).where(eq(externalIdentities.id, id)).returning({
    userId: externalIdentities.userId,
    issuer: externalIdentities.issuer,
    subject: externalIdentities.subject,
  })
  const rows = unlinked.map((row) => ({ ...row, unlinkedAt: at }))
  // One that an earlier version of this has linked again was remembered before.
  if (rows.length > 0) await tx.insert(unlinkedIdentities).values(rows).onConflictDoNothing()
}

/** What an account was linked to until its owner gave it up. */
export const listUnlinkedIdentities = (
  tx: Transaction,
  userId: UserId,
): Promise<Pick<Claims, 'issuer' | 'subject'>[]> =>
  tx
    .select({ issuer: unlinkedIdentities.issuer, subject: unlinkedIdentities.subject })
    .from(unlinkedIdentities)
    .where(eq(unlinkedIdentities.userId, userId))

/** Its owner wants it after all. */
export const forgetUnlinked = async (
  tx: Transaction,
  userId: UserId,
  { issuer, subject }: Pick<Claims, 'issuer' | 'subject'>,
): Promise<void> => {
  await tx
    .delete(unlinkedIdentities)
    .where(
      and(
        eq(unlinkedIdentities.userId, userId),
        eq(unlinkedIdentities.issuer, issuer),
        eq(unlinkedIdentities.subject, subject),
      ),
    )
}

/** Whoever unlinked them was not the owner. */
export const forgetAllUnlinked = async (tx: Transaction, userId: UserId): Promise<void> => {
  await tx.delete(unlinkedIdentities).where(eq(unlinkedIdentities.userId, userId))
}

/** Whoever proves themselves by the mailbox alone starts anew: who still has an account at a provider is linked again. */
export const deleteExternalIdentities = async (tx: Transaction, userId: UserId): Promise<void> => {
  await tx.delete(externalIdentities).where(eq(externalIdentities.userId, userId))
}
