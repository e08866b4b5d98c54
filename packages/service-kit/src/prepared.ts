/**
 * Queries that are built once and run many times. Building and rendering one anew costs more than the round trip, so what
 * a purchase runs is prepared; it runs by itself or inside a transaction alike.
 */
import { type Column, type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import type { Database, Queryable } from './database.ts'

type Values = Readonly<Record<string, unknown>>

interface Preparable<Result> {
  prepare(name: string): { execute(values?: Record<string, unknown>): Promise<Result> }
}

const casing = 'snake_case'
const nowhere: Database = drizzle.mock({ casing })
const dialect = new PgDialect({ casing })

/** Prepares a query of the builder's; what differs from call to call is `sql.placeholder(name)` or `given`. */
export const prepared = <Result>(build: (db: Database) => Preparable<Result>) => {
  const query = build(nowhere).prepare('prepared')
  // The same text, parameters and mapping on another connection; drizzle ties a prepared query to the one it was built on.
  return (on: Queryable, values: Values): Promise<Result> =>
    Object.assign(Object.create(Object.getPrototypeOf(query)) as typeof query, query, {
      client: clientOf(on),
    }).execute(values)
}

// Its session has the connection in every version of drizzle, but not in the types of a transaction.
const clientOf = (on: Queryable): unknown => (on._.session as unknown as { client: unknown }).client

/** Prepares SQL written by hand. `Row` states its columns as the driver gives them: a wrong one is a bug that tests show. */
export const statement = <Row>(text: SQL) => {
  const query = dialect.sqlToQuery(text)
  return (on: Queryable, values: Values): Promise<Row[]> =>
    on._.session
      .prepareQuery<{ execute: Row[]; all: Row[]; values: Row[] }>(query, undefined, 'prepared', false)
      .execute(values)
}

/** A column writes a value as the driver wants it, but takes JSON's null for NULL where the value is given later. */
const encoderOf = (column: Column) => ({
  mapToDriverValue: (value: unknown): unknown => (value === null ? null : column.mapToDriverValue(value)),
})

/** Values of a prepared insert or update, each given by the name of its column. */
export const given = <Table extends object, Name extends keyof Table & string>(
  table: Table,
  names: readonly Name[],
): Record<Name, SQL> => {
  const value = (name: Name) => sql`${sql.param(sql.placeholder(name), encoderOf(table[name] as Column))}`
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, SQL>
}
