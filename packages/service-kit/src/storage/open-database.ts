/** Opens a service's database: its own, with a bounded pool and transactions that cannot deadlock the pool. */
import { sql as text } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import type { Database, DatabaseHandle } from '../database.ts'
import { ensureDatabase } from './create-database.ts'
import { createGate } from './gate.ts'
import { poolClient, transactionClient } from './guarded-client.ts'
import { createTransact } from './transaction.ts'

export interface DatabaseOptions {
  /**
   * A server's address. Its database is only used to create ours, `comptoir_<service>`; one whose name begins like that
   * is ours already and is used as it is (tests have many).
   */
  readonly url: string
  readonly service: string
  readonly poolMax: number
  /** Throws where the database is missing: an operator who mistypes a name must not make one of that name. */
  readonly mustExist?: boolean
}

const connectSeconds = 5
const poolWaitMs = 2_000

/** Opens the service's database and creates it where it is missing. Throws when the server cannot be reached for 10 s. */
export const openDatabase = async (options: DatabaseOptions): Promise<DatabaseHandle> => {
  const url = await ensureDatabase(options.url, databaseOf(options), options.mustExist !== true)
  const sql = connectPool(url, options.service, options.poolMax)
  const gate = createGate({
    inside: options.poolMax,
    waiting: Math.max(100, options.poolMax * 50),
    waitMs: poolWaitMs,
  })
  const db = drizzle(poolClient(sql, gate), { casing: 'snake_case' })
  const transaction = createTransact(drizzle(transactionClient(sql, gate), { casing: 'snake_case' }))
  return {
    db,
    sql,
    url,
    transaction,
    ping: (timeoutMs) => answersWithin(db, timeoutMs),
    close: () => sql.end({ timeout: 5 }),
  }
}

const databaseOf = ({ url, service }: DatabaseOptions): string => {
  const ours = `comptoir_${service}`
  const given = new URL(url).pathname.slice(1)
  return given.startsWith(ours) ? given : ours
}

// The driver is patched (patches/postgres@3.4.9.patch): as published, a connection that dies while a write is pending
// never writes again, one that is closed while it starts up is opened again for ever without a pause, and a statement
// that is given to a dying one (the rollback of its transaction) takes the answer of a later statement, which then waits
// for ever.
const connectPool = (url: string, service: string, max: number): Sql =>
  postgres(url, {
    max,
    connect_timeout: connectSeconds,
    // Its own pauses grow to 20 s, which would outlast most restarts of a server.
    backoff: () => 0.1,
    fetch_types: false,
    onnotice: () => undefined,
    connection: {
      application_name: `comptoir-${service}`,
      default_transaction_isolation: 'read committed',
      statement_timeout: 2_000,
      lock_timeout: 1_000,
      idle_in_transaction_session_timeout: 5_000,
      // Compiling a statement costs more than any of ours takes.
      jit: false,
    },
  })

const answersWithin = async (db: Database, timeoutMs: number): Promise<boolean> => {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, timeoutMs, false)
  const answer = db.execute(text`select 1`).then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
