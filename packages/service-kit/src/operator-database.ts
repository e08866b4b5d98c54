/** How an operator's command reaches the database of a service: by DATABASE_URL, as the service itself does. */
import type { DatabaseHandle } from './database.ts'
import { resolveSecrets } from './resolve-secrets.ts'
import { openDatabase } from './storage/open-database.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Does some work on the database of a service and closes it. DATABASE_URL names the server, and may be given as a file or
 * as a reference into Vault. Throws where it is missing, and where the service has no database there.
 */
export const onDatabaseOf = async <T>(
  service: string,
  env: Environment,
  work: (handle: DatabaseHandle) => Promise<T>,
): Promise<T> => {
  const { DATABASE_URL: url } = await resolveSecrets(['DATABASE_URL'], env)
  if (url === undefined) throw new Error('DATABASE_URL is missing; it names the server')
  const handle = await openDatabase({ url, service, poolMax: 1, mustExist: true })
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}
