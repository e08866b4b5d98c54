import type { Sql } from 'postgres'

/** Resolves once so many of the service's transactions wait for a lock. */
export const untilWaiting = async (sql: Sql, count: number): Promise<void> => {
  for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
    const rows = await sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (rows.length === count) return
  }
  throw new Error(`No ${count} transactions came to wait in 10 s`)
}
