import type { Queryable } from '@comptoir/service-kit/database'
import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

const dialect = new PgDialect({ casing: 'snake_case' })

type Values = Readonly<Record<string, string | number | null>>

/**
 * Compiles hand-written SQL once and runs it as a prepared statement, inside a transaction or not: rendering a long
 * template on each call costs as much as the round trip. `Row` states the columns of the select; they are ours, so a
 * wrong one is a bug that the service's tests show.
 */
export const statement = <Row>(text: SQL) => {
  const query = dialect.sqlToQuery(text)
  return (on: Queryable, values: Values): Promise<Row[]> =>
    on._.session
      .prepareQuery<{ execute: Row[]; all: Row[]; values: Row[] }>(query, undefined, 'prepared', false)
      .execute(values)
}

/** Runs SQL that differs from call to call. */
export const run = <Row>(on: Queryable, text: SQL): Promise<Row[]> => statement<Row>(text)(on, {})

/** A list of ids as PostgreSQL writes an array: one parameter whatever its length, so that one plan serves all. */
export const uuidArray = (ids: readonly string[]): string => `{${ids.join(',')}}`
