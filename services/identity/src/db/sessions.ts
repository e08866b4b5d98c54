import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { revokeFamilies } from './refresh-tokens.ts'
import { refreshTokens, sessions } from './schema/sessions.ts'

export type StoredSession = Omit<typeof sessions.$inferSelect, 'cookieHash' | 'lastSeenAt' | 'proofTries'>

const columns = {
  id: sessions.id,
  subjectKind: sessions.subjectKind,
  subjectId: sessions.subjectId,
  createdAt: sessions.createdAt,
  provedAt: sessions.provedAt,
  secondFactor: sessions.secondFactor,
  clientId: sessions.clientId,
  scopes: sessions.scopes,
  expiresAt: sessions.expiresAt,
  endedAt: sessions.endedAt,
}

export const insertSession = async (tx: Transaction, session: StoredSession): Promise<void> => {
  await tx.insert(sessions).values(session)
}

export const findSession = async (db: Queryable, id: string): Promise<StoredSession | undefined> => {
  const [row] = await db.select(columns).from(sessions).where(eq(sessions.id, id))
  return row
}

/** Counts a try to prove anew who the subject is; how many there have been, or undefined where the session is over. */
export const countProofTry = async (db: Queryable, id: string): Promise<number | undefined> => {
  const [row] = await db
    .update(sessions)
    .set({ proofTries: sql`${sessions.proofTries} + 1` })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
    .returning({ tries: sessions.proofTries })
  return row?.tries
}

export const forgetProofTries = async (tx: Transaction, id: string): Promise<void> => {
  await tx.update(sessions).set({ proofTries: 0 }).where(eq(sessions.id, id))
}

/** Notes that the subject has proved anew who they are; undefined where the session is over, or somebody else's. */
export const markProved = async (
  tx: Transaction,
  id: string,
  proof: { subjectId: string; at: Date; secondFactor: boolean },
): Promise<StoredSession | undefined> => {
  const [row] = await tx
    .update(sessions)
    .set({ provedAt: proof.at, secondFactor: proof.secondFactor })
    .where(and(eq(sessions.id, id), eq(sessions.subjectId, proof.subjectId), isNull(sessions.endedAt)))
    .returning(columns)
  return row
}

/** A session lives for as long as the newest of its refresh tokens. */
export const prolongSession = async (tx: Transaction, id: string, expiresAt: Date): Promise<void> => {
  await tx.update(sessions).set({ expiresAt }).where(eq(sessions.id, id))
}

/** Ends the session and every refresh token of it; the subject, or undefined where it was over already. */
export const markEnded = async (tx: Transaction, id: string, at: Date): Promise<string | undefined> => {
  await revokeFamilies(tx, [id], at)
  const [row] = await tx
    .update(sessions)
    .set({ endedAt: at })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
    .returning({ subjectId: sessions.subjectId })
  return row?.subjectId
}

/** Ends every session in which a third party acts for somebody; the edge has to be told apart from this. */
export const endSessionsOfClient = async (tx: Transaction, clientId: string, at: Date): Promise<void> => {
  const ended = tx.$with('ended').as(
    tx
      .update(sessions)
      .set({ endedAt: at })
      .where(and(eq(sessions.clientId, clientId), isNull(sessions.endedAt)))
      .returning({ id: sessions.id }),
  )
  await tx
    .with(ended)
    .update(refreshTokens)
    .set({ revokedAt: at })
    .where(
      and(
        inArray(refreshTokens.familyId, tx.select({ id: ended.id }).from(ended)),
        isNull(refreshTokens.revokedAt),
      ),
    )
}
