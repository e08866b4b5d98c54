// What is kept of a person beside their profile and addresses, in the words of the export.
import type {
  ExportedLetter,
  ExportedSession,
  LinkedProvider,
  UnlinkedProvider,
} from '@comptoir/contracts/identity/export'
import type { UserId } from '@comptoir/contracts/ids'
import type { Transaction } from '@comptoir/service-kit/database'
import { asc, desc, eq } from 'drizzle-orm'
import { apiClients } from './schema/clients.ts'
import { emailChanges, emailVerifications, passwordResets } from './schema/letters.ts'
import { externalIdentities, unlinkedIdentities } from './schema/people.ts'
import { sessions } from './schema/sessions.ts'

/** The sessions of a person, also those that are over, newest first. */
export const listKeptSessions = async (
  tx: Transaction,
  userId: UserId,
  limit: number,
): Promise<ExportedSession[]> => {
  const rows = await tx
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      endedAt: sessions.endedAt,
      secondFactor: sessions.secondFactor,
      scopes: sessions.scopes,
      clientId: apiClients.id,
      clientName: apiClients.name,
    })
    .from(sessions)
    .leftJoin(apiClients, eq(apiClients.id, sessions.clientId))
    .where(eq(sessions.subjectId, userId))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(limit)
  return rows.map(({ clientId, clientName, scopes, ...row }) => ({
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    secondFactor: row.secondFactor,
    thirdParty:
      clientId === null || clientName === null
        ? null
        : { id: clientId, name: clientName, scopes: scopes ?? [] },
  }))
}

/** The accounts at providers that a person's is linked to, oldest first. */
export const listLinkedProviders = async (tx: Transaction, userId: UserId): Promise<LinkedProvider[]> => {
  const rows = await tx
    .select({
      issuer: externalIdentities.issuer,
      subject: externalIdentities.subject,
      linkedAt: externalIdentities.linkedAt,
    })
    .from(externalIdentities)
    .where(eq(externalIdentities.userId, userId))
    .orderBy(asc(externalIdentities.linkedAt), asc(externalIdentities.id))
  return rows.map((row) => ({ ...row, linkedAt: row.linkedAt.toISOString() }))
}

/** Those that the person has unlinked and has not linked again, oldest first. */
export const listUnlinkedProviders = async (tx: Transaction, userId: UserId): Promise<UnlinkedProvider[]> => {
  const rows = await tx
    .select({
      issuer: unlinkedIdentities.issuer,
      subject: unlinkedIdentities.subject,
      unlinkedAt: unlinkedIdentities.unlinkedAt,
    })
    .from(unlinkedIdentities)
    .where(eq(unlinkedIdentities.userId, userId))
    .orderBy(asc(unlinkedIdentities.unlinkedAt), asc(unlinkedIdentities.subject))
  return rows.map((row) => ({ ...row, unlinkedAt: row.unlinkedAt.toISOString() }))
}

/** The letters with a link to a person that are still kept, newest first. */
export const listKeptLetters = async (
  tx: Transaction,
  userId: UserId,
  limit: number,
): Promise<ExportedLetter[]> => {
  const verifications = await tx
    .select({ ...times(emailVerifications), email: emailVerifications.email })
    .from(emailVerifications)
    .where(eq(emailVerifications.userId, userId))
    .orderBy(desc(emailVerifications.createdAt))
    .limit(limit)
  const changes = await tx
    .select({ ...times(emailChanges), email: emailChanges.newEmail })
    .from(emailChanges)
    .where(eq(emailChanges.userId, userId))
    .orderBy(desc(emailChanges.createdAt))
    .limit(limit)
  const resets = await tx
    .select(times(passwordResets))
    .from(passwordResets)
    .where(eq(passwordResets.userId, userId))
    .orderBy(desc(passwordResets.createdAt))
    .limit(limit)
  const letters = [
    ...verifications.map((row) => told('email-verification', row)),
    ...changes.map((row) => told('email-change', row)),
    ...resets.map((row) => told('password-reset', { ...row, email: null })),
  ]
  return letters.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, limit)
}

const times = <T extends typeof emailVerifications | typeof emailChanges | typeof passwordResets>(
  table: T,
) => ({ createdAt: table.createdAt, expiresAt: table.expiresAt, usedAt: table.usedAt })

const told = (
  purpose: ExportedLetter['purpose'],
  row: { email: string | null; createdAt: Date; expiresAt: Date; usedAt: Date | null },
): ExportedLetter => ({
  purpose,
  email: row.email,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  usedAt: row.usedAt?.toISOString() ?? null,
})
