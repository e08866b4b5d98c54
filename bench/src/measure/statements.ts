import type { Sql } from 'postgres'

/** SQL statements that the server has run since the last reset, `begin` and `commit` included, by service. */
export type StatementCounts = ReadonlyMap<string, number>

/** Makes the server's statement statistics readable. */
export const prepareStatements = async (sql: Sql): Promise<void> => {
  await sql`create extension if not exists pg_stat_statements`
}

export const countStatements = async (sql: Sql): Promise<StatementCounts> => {
  const rows = await sql<{ service: string; calls: number }[]>`
    select substr(d.datname, 10) as service, sum(s.calls)::float8 as calls
    from pg_stat_statements s join pg_database d on d.oid = s.dbid
    where d.datname like 'comptoir\_%'
    group by d.datname`
  return new Map(rows.map(({ service, calls }) => [service, calls]))
}

/** What was added between two counts. */
export const added = (before: StatementCounts, after: StatementCounts): StatementCounts =>
  new Map([...after].map(([service, calls]) => [service, calls - (before.get(service) ?? 0)]))
