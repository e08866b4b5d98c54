/** Brings a database to the newest version of its schema, one process at a time. */
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { locks } from './advisory-locks.ts'
import { administer } from './create-database.ts'
import type { DatabaseHandle } from '../database.ts'

/**
 * Applies the migrations of a folder that are not applied yet; others who try at the same time wait for the first, up to
 * two minutes. Works on a connection of its own, and throws what the database says of a failing statement.
 */
export const migrate = async (handle: Pick<DatabaseHandle, 'url'>, folder: string): Promise<void> => {
  const sql = administer(handle.url)
  try {
    await sql`select pg_advisory_lock(${locks.space}, ${locks.migrate})`
    await applyMigrations(drizzle(sql, { casing: 'snake_case' }), { migrationsFolder: folder })
  } finally {
    // The lock goes with its connection.
    await sql.end({ timeout: 1 })
  }
}
