/** Indexes that are built while their tables are written to, and that may be built again whatever broke a build off. */
import type { Sql } from 'postgres'

const pattern =
  /^(?:\s|--[^\n]*\n)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?\s/i

/** The name of the index that a statement builds concurrently; undefined for every other statement. */
export const concurrentIndexOf = (statement: string): string | undefined => pattern.exec(statement)?.[1]

/**
 * Runs the statement outside of a transaction and for as long as it takes, unless the index is there and complete. Half an
 * index, as a broken build leaves it behind, is dropped first. Only one process at a time may do this.
 */
export const buildConcurrently = async (sql: Sql, statement: string, name: string): Promise<void> => {
  const [found] = await sql`select indisvalid as valid from pg_index where indexrelid = to_regclass(${name})`
  if (found?.['valid'] === true) return
  await sql`set statement_timeout = 0`
  if (found !== undefined) await sql`drop index concurrently ${sql(name)}`
  await sql.unsafe(statement)
  await sql`reset statement_timeout`
}
