import type { UserId } from '@comptoir/contracts/ids'
import type { Queryable, Transaction } from '@comptoir/service-kit/database'
import { eq, lt, type SQL, sql } from 'drizzle-orm'
import { signInNetworks, users } from './schema/people.ts'

/** What is kept of a network: nobody finds by it who else was there. */
const kept = (userId: SQL, network: string): SQL =>
  sql`encode(sha256(convert_to('network:' || ${userId}::text || ':' || ${network}::text, 'UTF8')), 'hex')`

/** Notes that somebody has shown from there who they are. */
export const keepNetwork = async (
  tx: Transaction,
  { userId, network, at }: { userId: UserId; network: string; at: Date },
): Promise<void> => {
  await tx
    .insert(signInNetworks)
    .values({ userId, network: kept(sql`${userId}`, network), lastAt: at })
    .onConflictDoUpdate({
      target: [signInNetworks.userId, signInNetworks.network],
      set: { lastAt: sql`greatest(${signInNetworks.lastAt}, excluded.last_at)` },
    })
}

/** Whether somebody with that address has shown from there who they are, since then. One question, whoever has it. */
export const isKnownNetwork = async (
  db: Queryable,
  { email, network, since }: { email: string; network: string; since: Date },
): Promise<boolean> => {
  const rows = await db.execute(sql`
    select 1 from ${users} join ${signInNetworks} on ${signInNetworks.userId} = ${users.id}
    where lower(${users.email}) = lower(${email}) and ${signInNetworks.network} = ${kept(sql`${users.id}`, network)}
      and ${signInNetworks.lastAt} > ${since.toISOString()}::timestamptz`)
  return rows.length > 0
}

export const forgetNetworks = async (tx: Transaction, userId: UserId): Promise<void> => {
  await tx.delete(signInNetworks).where(eq(signInNetworks.userId, userId))
}

/** Deletes those from which nobody has signed in since `before`. */
export const deleteOldNetworks = async (db: Queryable, before: Date): Promise<void> => {
  await db.delete(signInNetworks).where(lt(signInNetworks.lastAt, before))
}
