// PostgreSQL as it is before the first start of a shop but for the services' databases, which are there and migrated: made
// once for a run of tests, and copied by its shops, because making it is half of a shop's start.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, serviceNames } from '@comptoir/dev/process-list'
import { startPostgres } from '@comptoir/dev/servers/postgres'
import { ensureDatabase } from '@comptoir/service-kit/storage/create-database'
import { migrate } from '@comptoir/service-kit/storage/migrate'

/** The data folder to copy; undefined where the runner of the tests, which sets its place, does not run. */
export const postgresTemplate = async (): Promise<string | undefined> => {
  const dataDir = process.env['TEST_POSTGRES_TEMPLATE']
  if (dataDir === undefined) return undefined
  const made = join(dataDir, 'made')
  if (existsSync(made)) return dataDir
  // What was logged while it was made is not kept: it would be copied as well.
  const settings = { wal_recycle: 'off', min_wal_size: '32MB' }
  const server = await startPostgres({ dataDir, durable: false, settings })
  try {
    for (const name of serviceNames) {
      const url = await ensureDatabase(server.url, `comptoir_${name}`)
      await migrate({ url }, join(folderOf(name), 'migrations'))
    }
  } finally {
    await server.stop()
  }
  writeFileSync(made, '')
  return dataDir
}
