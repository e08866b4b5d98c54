/** What a service's code knows of its database: queries, transactions, and the handle on both. */
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Sql } from 'postgres'

export type Database = PostgresJsDatabase<Record<string, never>>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** What a named query takes: it runs by itself or as part of a transaction. */
export type Queryable = Database | Transaction

/** Runs work in one transaction. */
export type Transact = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>

export interface DatabaseHandle {
  /** For single statements. Using it while a transaction of the same scope is open is a programming error. */
  readonly db: Database
  /** The bare pool, for the kit: no gate, no guard. JSON parameters are passed as text, moments as ISO strings. */
  readonly sql: Sql
  /** Address of the service's own database; holds the password. */
  readonly url: string
  readonly transaction: Transact
  /** Whether the pool answers in time. */
  ping(timeoutMs: number): Promise<boolean>
  /** Ends the pool; running statements have 5 s. */
  close(): Promise<void>
}
