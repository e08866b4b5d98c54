import { type SQL, sql } from 'drizzle-orm'

/** A timestamptz as ISO 8601 in UTC with milliseconds, as the contracts have it. */
export const isoTime = (column: SQL): SQL =>
  sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
