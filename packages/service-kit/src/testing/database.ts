/** A fresh, migrated database for a test, copied from a template that is built once for each state of the migrations. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from 'postgres'
import { locks } from '../storage/advisory-locks.ts'
import { administer, databaseUrl } from '../storage/create-database.ts'
import { migrate } from '../storage/migrate.ts'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Makes a database on the server of TEST_DATABASE_URL; the runner of the tests sets it. */
export const createTestDatabase = async (
  service: string,
  migrationsFolder: string,
): Promise<TestDatabase> => {
  const server = process.env['TEST_DATABASE_URL']
  if (server === undefined)
    throw new Error('TEST_DATABASE_URL is not set: run the tests with `bun run test <path>`')
  const name = `comptoir_${service}_test_${crypto.randomUUID().slice(0, 13).replace('-', '')}`
  const sql = administer(server)
  try {
    const template = await ensureTemplate(sql, { server, service, folder: migrationsFolder })
    await sql`create database ${sql(name)} template ${sql(template)}`
  } finally {
    await sql.end()
  }
  return { url: databaseUrl(server, name), drop: () => drop(server, name) }
}

const drop = async (server: string, name: string): Promise<void> => {
  const sql = administer(server)
  await sql`drop database if exists ${sql(name)} with (force)`
  await sql.end()
}

interface Origin {
  readonly server: string
  readonly service: string
  readonly folder: string
}

const ensureTemplate = async (sql: Sql, { server, service, folder }: Origin): Promise<string> => {
  const template = `comptoir_template_${service}_${hashOf(folder)}`
  await sql`select pg_advisory_lock(${locks.space}, ${locks.template})`
  try {
    const found = await sql`select 1 from pg_database where datname = ${template}`
    if (found.length === 0) await buildTemplate(sql, databaseUrl(server, template), folder)
  } finally {
    await sql`select pg_advisory_unlock(${locks.space}, ${locks.template})`
  }
  return template
}

/** Under another name until it is whole, so that a test that died on the way leaves no half template. */
const buildTemplate = async (sql: Sql, templateUrl: string, folder: string): Promise<void> => {
  const template = new URL(templateUrl).pathname.slice(1)
  const draft = `${template}_draft`
  await sql`drop database if exists ${sql(draft)} with (force)`
  await sql`create database ${sql(draft)} template template0 encoding 'UTF8'`
  await migrate({ url: databaseUrl(templateUrl, draft) }, folder)
  await sql`alter database ${sql(draft)} rename to ${sql(template)}`
}

const hashOf = (folder: string): string => {
  const hash = new Bun.CryptoHasher('sha256')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(sql|json)$/.test(file),
  )
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}
