import { Database } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

export type Ledger = Database

// NORMAL: in WAL mode a commit outlives a kill of the process at any moment, which is what these books are checked for;
// only a power cut could take the last ones.
export const openLedger = (folder: string, name: string, schema: string): Ledger => {
  mkdirSync(folder, { recursive: true })
  const ledger = new Database(join(folder, `${name}.sqlite`), { create: true, strict: true })
  ledger.run('pragma journal_mode = wal')
  ledger.run('pragma synchronous = normal')
  ledger.run('pragma busy_timeout = 5000')
  ledger.run('pragma cache_size = -2000')
  ledger.run(schema)
  return ledger
}

// Everything in `work` is synchronous, so one write transaction at a time is all there ever is.
export const inTransaction = <Result>(ledger: Ledger, work: () => Result): Result =>
  ledger.transaction(work).immediate()

export const clearLedger = (ledger: Ledger): void =>
  inTransaction(ledger, () => {
    const tables = ledger
      .query<{ name: string }, []>(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`,
      )
      .all()
    for (const { name } of tables) ledger.run(`delete from "${name}"`)
  })
