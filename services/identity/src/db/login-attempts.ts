import type { Queryable } from '@comptoir/service-kit/database'
import { and, eq, lt, or, sql } from 'drizzle-orm'
import type { Limit } from '../domain/throttle.ts'
import { loginAttempts } from './schema/people.ts'

/**
 * Counts one try of an account; false when it has used up its tries in the window that ends now. One statement decides and
 * counts, before anything is looked at: of any number of tries at once no more than the limit get through.
 */
export const takeWithin = async (
  db: Queryable,
  account: string,
  { now, limit, within }: { now: Date; limit: Limit; within?: string | undefined },
): Promise<boolean> => {
  const at = sql`${now.toISOString()}::timestamptz`
  const since = sql`${new Date(now.getTime() - limit.windowMs).toISOString()}::timestamptz`
  const rows = await db.execute(sql`
    insert into login_attempts as known (account, within, attempts, updated_at)
    values (${account}, ${within ?? null}, array[${at}], ${at})
    on conflict (account) do update
    set attempts = array(select tried from unnest(known.attempts) as tried where tried > ${since}) || ${at},
        updated_at = ${at}
    where (select count(*) from unnest(known.attempts) as tried where tried > ${since}) < ${limit.attemptsMax}
    returning account`)
  return rows.length === 1
}

/** The oldest try that still counts. */
export const oldestAttempt = async (
  db: Queryable,
  account: string,
  { now, limit }: { now: Date; limit: Limit },
): Promise<Date> => {
  const [row] = await db
    .select({ attempts: loginAttempts.attempts })
    .from(loginAttempts)
    .where(eq(loginAttempts.account, account))
  const since = now.getTime() - limit.windowMs
  const counted = (row?.attempts ?? []).map((at) => at.getTime()).filter((at) => at > since)
  return new Date(Math.min(now.getTime(), ...counted))
}

/** Forgets the tries of an account, from whatever networks they came. */
export const forgetAttempts = async (db: Queryable, account: string): Promise<void> => {
  await db
    .delete(loginAttempts)
    .where(or(eq(loginAttempts.account, account), eq(loginAttempts.within, account)))
}

/** Deletes what had its last try before `before`; what counts for all networks to sign in, before `everywhere`. */
export const deleteOldAttempts = async (
  db: Queryable,
  { before, everywhere }: { before: Date; everywhere: Date },
): Promise<void> => {
  const { account, updatedAt, within } = loginAttempts
  const isShort = sql`${within} is distinct from ${account}`
  await db.delete(loginAttempts).where(and(lt(updatedAt, before), or(isShort, lt(updatedAt, everywhere))))
}
