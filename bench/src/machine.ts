import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { version as compiler } from 'bun'
import type { Sql } from 'postgres'
import type { BenchOptions } from './options.ts'

/** When, on what, with which versions and settings a run was made. */
export const factsOf = async (sql: Sql, { logLevel }: BenchOptions): Promise<string[]> => {
  const [row] = await sql<{ version: string; fsync: string; commit: string }[]>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as "commit"`
  const cores = availableParallelism()
  const [load = 0] = loadavg()
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; ${cores} cores (${cpus()[0]?.model ?? 'unknown'}), ` +
      `${(totalmem() / 1_073_741_824).toFixed(0)} GB; load average before the run ${load.toFixed(1)}`,
    `Bun ${compiler}, PostgreSQL ${row?.version} (fsync ${row?.fsync}, synchronous_commit ${row?.commit}), ` +
      `LOG_LEVEL ${logLevel}; shop, databases, broker, payment provider and drivers all on this machine`,
  ]
}
