/** Indexes that are built while their tables are written to, and that may be built again whatever broke a build off. */
import type { Sql } from 'postgres'

const pattern =
  /^(?:\s|--[^\n]*\n)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?:"(\w+)"|(\w+))\s/i

/** The name of the index that a statement builds concurrently; undefined for every other statement. */
export const concurrentIndexOf = (statement: string): string | undefined => {
  const [, quoted, bare] = pattern.exec(statement) ?? []
  return quoted ?? bare?.toLowerCase()
}

/**
 * Runs the statement outside of a transaction and for as long as it takes, unless the index is there and complete. Half an
 * index is dropped, also where the build fails: a unique one would go on refusing what the former program writes. Where the
 * process breaks off, that is left to the next. Only one process at a time may do this.
 */
export const buildConcurrently = async (sql: Sql, statement: string, name: string): Promise<void> => {
  if ((await isComplete(sql, name)) === true) return
  await sql`set statement_timeout = 0`
  await dropHalf(sql, name)
  try {
    await sql.unsafe(statement)
  } catch (error) {
    // What the build failed of is what has to be known, also where this fails too.
    await dropHalf(sql, name).catch(() => undefined)
    throw error
  }
  await sql`reset statement_timeout`
}

/** Undefined where there is none of that name. */
const isComplete = async (sql: Sql, name: string): Promise<boolean | undefined> => {
  const [found] = await sql<{ valid: boolean }[]>`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(quote_ident(${name}))`
  return found?.valid
}

const dropHalf = async (sql: Sql, name: string): Promise<void> => {
  if ((await isComplete(sql, name)) === false) await sql`drop index concurrently ${sql(name)}`
}
