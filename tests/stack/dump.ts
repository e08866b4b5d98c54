// What whoever has a copy of the databases has: every row of every table as text.
import type { Databases } from './databases.ts'

export interface DumpedTable {
  /** Service and table. */
  readonly name: string
  readonly text: string
}

/** Reads all tables of all services. */
export const dumpOf = async (databases: Databases): Promise<DumpedTable[]> => {
  const dumped = await Promise.all(Object.entries(databases).map(([service, sql]) => dumpOfOne(service, sql)))
  return dumped.flat()
}

const dumpOfOne = async (service: string, sql: Databases['identity']): Promise<DumpedTable[]> => {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
  const dumped: DumpedTable[] = []
  for (const { name } of tables) {
    const rows = await sql<{ row: string }[]>`select t::text as row from ${sql.unsafe(name)} as t`
    dumped.push({ name: `${service} ${name}`, text: rows.map(({ row }) => row).join('\n') })
  }
  return dumped
}

/** The tables that hold a value, as it is, without its dashes, or as bytes, however its letters are written. */
export const tablesHolding = (dump: readonly DumpedTable[], value: string): string[] => {
  const forms = [value, value.replaceAll('-', ''), Buffer.from(value).toString('hex')]
  const wanted = forms.map((form) => form.toLowerCase())
  return dump.flatMap(({ name, text }) => {
    const plain = text.toLowerCase()
    return wanted.some((form) => plain.includes(form)) ? [name] : []
  })
}
