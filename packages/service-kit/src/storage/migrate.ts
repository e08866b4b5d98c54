/** Brings a database to the newest version of its schema, one process at a time. */
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import type { ISql, Sql } from 'postgres'
import type { DatabaseHandle } from '../database.ts'
import { locks } from './advisory-locks.ts'
import { buildConcurrently, concurrentIndexOf } from './concurrent-index.ts'
import { administer } from './create-database.ts'

const patienceMs = 120_000
const pauseMs = 50

/**
 * Applies the migrations of a folder that are not applied yet, each in a transaction of its own, or, where all it does is
 * to build indexes concurrently, outside of any. Others who try at the same time wait for the first, up to two minutes.
 * Works on a connection of its own, and throws what the database says of a failing statement.
 */
export const migrate = async (handle: Pick<DatabaseHandle, 'url'>, folder: string): Promise<void> => {
  const sql = administer(handle.url)
  try {
    await takeTurn(sql)
    for (const migration of await readPending(sql, folder)) await apply(sql, migration)
  } finally {
    // The lock goes with its connection.
    await sql.end({ timeout: 1 })
  }
}

/** Asks again and again: a statement that waited for its turn would be one that a concurrent build waits for. */
const takeTurn = async (sql: Sql): Promise<void> => {
  for (const until = performance.now() + patienceMs; ;) {
    const [row] = await sql`select pg_try_advisory_lock(${locks.space}, ${locks.migrate}) as taken`
    if (row?.['taken'] === true) return
    if (performance.now() > until) throw new Error('Another process has been migrating for two minutes')
    await Bun.sleep(pauseMs)
  }
}

/** What was applied is noted where drizzle-kit notes it, and in its form. */
const readPending = async (sql: Sql, folder: string): Promise<MigrationMeta[]> => {
  await sql`create schema if not exists drizzle`
  await sql`
    create table if not exists drizzle.__drizzle_migrations (
      id serial primary key, hash text not null, created_at bigint)`
  const [last] = await sql`
    select created_at from drizzle.__drizzle_migrations order by created_at desc limit 1`
  const appliedMillis = last === undefined ? -1 : Number(last['created_at'])
  return readMigrationFiles({ migrationsFolder: folder }).filter(
    ({ folderMillis }) => folderMillis > appliedMillis,
  )
}

const apply = async (sql: Sql, migration: MigrationMeta): Promise<void> => {
  const indexes = migration.sql.map((statement) => ({ statement, name: concurrentIndexOf(statement) }))
  const concurrent = indexes.filter(({ name }) => name !== undefined)
  if (concurrent.length === 0) return applyAtOnce(sql, migration)
  if (concurrent.length < indexes.length)
    throw new Error('A migration that builds an index concurrently can do nothing else')
  for (const { statement, name = '' } of indexes) await buildConcurrently(sql, statement, name)
  await noteApplied(sql, migration)
}

const applyAtOnce = async (sql: Sql, migration: MigrationMeta): Promise<void> => {
  await sql.begin(async (tx) => {
    for (const statement of migration.sql) await tx.unsafe(statement)
    await noteApplied(tx, migration)
  })
}

const noteApplied = async (sql: ISql, { hash, folderMillis }: MigrationMeta): Promise<void> => {
  await sql`
    insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`
}
