/** Makes sure that a database exists, also when several processes want it at once. */
import postgres, { type Sql } from 'postgres'
import { databaseCode, isUnreachable } from './database-errors.ts'

const patienceMs = 10_000
const pauseMs = 100

/** The address of another database on the same server. */
export const databaseUrl = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.toString()
}

/**
 * Creates the database where it is missing, or throws where it must not, and returns its address. Waits up to 10 s for a
 * server that starts up.
 */
export const ensureDatabase = async (
  serverUrl: string,
  database: string,
  mayCreate = true,
): Promise<string> => {
  if (new URL(serverUrl).pathname === `/${database}`) return serverUrl
  const sql = administer(serverUrl)
  try {
    await withPatience(() => createMissing(sql, database, mayCreate))
  } finally {
    await sql.end({ timeout: 1 })
  }
  return databaseUrl(serverUrl, database)
}

/** One connection for statements that take long: databases, migrations, advisory locks. */
export const administer = (url: string): Sql =>
  postgres(url, {
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => undefined,
    max_lifetime: null,
    connection: { application_name: 'comptoir-admin', statement_timeout: 120_000 },
  })

const createMissing = async (sql: Sql, database: string, mayCreate: boolean): Promise<void> => {
  const found = await sql`select 1 from pg_database where datname = ${database}`
  if (found.length > 0) return
  if (!mayCreate) throw new Error(`There is no database ${database}`)
  try {
    // Nobody can be connected to template0, so that no other session is in the way.
    await sql`create database ${sql(database)} template template0 encoding 'UTF8'`
  } catch (error) {
    // 42P04 and 23505: another process was faster.
    if (!['42P04', '23505'].includes(databaseCode(error) ?? '')) throw error
  }
}

const withPatience = async (work: () => Promise<void>): Promise<void> => {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > until) throw error
      await Bun.sleep(pauseMs)
    }
  }
}
