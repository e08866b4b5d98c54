import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { DatabaseHandle } from '../src/database.ts'
import { migrate } from '../src/storage/migrate.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/database.ts'
import { migrations } from './fixture/stack.ts'

let database: TestDatabase
let handle: DatabaseHandle
const root = mkdtempSync(join(tmpdir(), 'comptoir-migrate-'))

beforeAll(async () => {
  database = await createTestDatabase('samples', migrations)
  handle = await openDatabase({ url: database.url, service: 'samples', poolMax: 3 })
})
beforeEach(async () => {
  await handle.sql`truncate tallies`
})
afterAll(async () => {
  await handle.close()
  await database.drop()
  rmSync(root, { recursive: true })
})

let when = Date.UTC(2100, 0, 1)
/** A folder with one migration, newer than all before it. */
const folderOf = (...statements: string[]): string => {
  when += 1
  const folder = join(root, String(when))
  mkdirSync(join(folder, 'meta'), { recursive: true })
  const entries = [{ idx: 0, version: '7', when, tag: '0000_only', breakpoints: true }]
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ entries }))
  writeFileSync(join(folder, '0000_only.sql'), statements.join('--> statement-breakpoint\n'))
  return folder
}
const isComplete = async (index: string): Promise<boolean | undefined> => {
  const [row] =
    await handle.sql`select indisvalid as valid from pg_index where indexrelid = to_regclass(${index})`
  return row?.['valid'] as boolean | undefined
}
const someoneWaits = async (): Promise<void> => {
  const waiting = () => handle.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting()).length === 0) await Bun.sleep(5)
}
const count = (id: string, version: number) =>
  handle.transaction((tx) => tx.execute(sql`insert into tallies values (${id}, ${version})`))

test('an index that is built concurrently keeps no writer waiting, and processes that start at once build it once', async () => {
  const folder = folderOf('CREATE INDEX CONCURRENTLY "tallies_beside" ON "tallies" USING btree ("version");')
  let migrating: Promise<unknown> = Promise.resolve()
  await handle.sql.begin(async (tx) => {
    await tx`insert into tallies values ('before', 1)`
    migrating = Promise.all([migrate(handle, folder), migrate(handle, folder), migrate(handle, folder)])
    // The build waits for whoever has written before it.
    await someoneWaits()
    await count('beside', 2)
  })
  await migrating
  expect(await isComplete('tallies_beside')).toBe(true)
})

test('a concurrent build that failed half way is begun anew, and one that was not noted is not repeated', async () => {
  await count('one', 1)
  await count('other', 1)
  const folder = folderOf(
    '-- One for each.\nCREATE UNIQUE INDEX CONCURRENTLY "tallies_unique" ON "tallies" USING btree ("version");',
    'CREATE INDEX CONCURRENTLY "tallies_second" ON "tallies" USING btree ("id","version");',
  )
  await expect(migrate(handle, folder)).rejects.toMatchObject({ code: '23505' })
  // Half of it would refuse the former program what only the whole of it may.
  expect(await isComplete('tallies_unique')).toBeUndefined()
  await handle.sql`delete from tallies where id = 'other'`
  await migrate(handle, folder)
  expect(await isComplete('tallies_unique')).toBe(true)
  expect(await isComplete('tallies_second')).toBe(true)
  await handle.sql`delete from drizzle.__drizzle_migrations where created_at = ${when}`
  // As a process leaves it behind that ends while it builds.
  await handle.sql`update pg_index set indisvalid = false where indexrelid = 'tallies_second'::regclass`
  await migrate(handle, folder)
  expect(await isComplete('tallies_second')).toBe(true)
  await handle.sql`drop index tallies_unique`
})

test('an index is known by its name in the letters that it has', async () => {
  const folder = folderOf('CREATE INDEX CONCURRENTLY "talliesMixed" ON "tallies" USING btree ("version");')
  await migrate(handle, folder)
  await handle.sql`delete from drizzle.__drizzle_migrations where created_at = ${when}`
  await migrate(handle, folder)
  expect(await isComplete('"talliesMixed"')).toBe(true)
})

test('a migration that mixes a concurrent build with something else is refused, and nothing of it is done', async () => {
  const folder = folderOf(
    'ALTER TABLE "tallies" ADD COLUMN "extra" integer;',
    'CREATE INDEX CONCURRENTLY "tallies_extra" ON "tallies" USING btree ("extra");',
  )
  await expect(migrate(handle, folder)).rejects.toThrow('can do nothing else')
  const columns = await handle.sql`
    select from information_schema.columns where table_name = 'tallies' and column_name = 'extra'`
  expect(columns).toHaveLength(0)
})

test('a migration that fails leaves nothing of itself behind', async () => {
  const folder = folderOf('ALTER TABLE "tallies" ADD COLUMN "extra" integer;', 'select 1 / 0;')
  await expect(migrate(handle, folder)).rejects.toMatchObject({ code: '22012' })
  expect(await handle.sql`select from drizzle.__drizzle_migrations where created_at = ${when}`).toHaveLength(
    0,
  )
  await migrate(handle, folderOf('ALTER TABLE "tallies" ADD COLUMN "extra" integer;'))
  await handle.sql`alter table tallies drop column extra`
})
