import { type SQL, sql } from 'drizzle-orm'

/** A moment so many milliseconds from now, by the database's clock. */
export const fromNow = (ms: number): SQL => sql`now() + make_interval(secs => ${ms / 1000}::double precision)`
