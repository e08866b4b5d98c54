// The services' own databases, which only tests may read from outside.
import { serviceNames, type ServiceName } from '@comptoir/dev/process-list'
import postgres, { type Sql } from 'postgres'

export type Databases = Readonly<Record<ServiceName, Sql>> & AsyncDisposable

/** Opens one connection to each database; they are closed at the end of the `await using`. */
export const openDatabases = (databaseUrl: string): Databases => {
  const opened = serviceNames.map((name) => [name, open(databaseUrl, name)] as const)
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(([, sql]) => sql.end({ timeout: 1 })))
  }
  // Object.fromEntries forgets the keys; they are the names of the services by construction.
  return { ...(Object.fromEntries(opened) as Record<ServiceName, Sql>), [Symbol.asyncDispose]: close }
}

const open = (databaseUrl: string, name: ServiceName): Sql => {
  const url = new URL(databaseUrl)
  url.pathname = `/comptoir_${name}`
  return postgres(url.href, { max: 1, fetch_types: false, onnotice: () => undefined })
}
