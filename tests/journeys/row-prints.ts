// A print of every row of every table, to see whether a request changed anything.
import { serviceNames } from '@comptoir/dev/process-list'
import type { Databases } from '../stack/databases.ts'

/** Maps each table to a digest of its rows, whatever their order. A key that has no answer holds nothing. */
export const rowPrints = async (databases: Databases): Promise<Record<string, string>> => {
  const prints = await Promise.all(
    serviceNames.map(async (service) => {
      const sql = databases[service]
      const tables = await sql<{ name: string }[]>`
        select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`
      const digests: [string, string][] = []
      for (const { name } of tables) {
        const [row] = await sql<{ digest: string }[]>`
          select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest
          from ${sql(name)} t
          where ${name !== 'idempotency_keys'} or to_jsonb(t)->>'answered_at' is not null`
        digests.push([`${service}.${name}`, row?.digest ?? ''])
      }
      return digests
    }),
  )
  return Object.fromEntries(prints.flat())
}
