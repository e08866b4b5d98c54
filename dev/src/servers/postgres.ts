import { join, resolve } from 'node:path'
import postgres from 'postgres'
import { type Account, endOf, startServer, stopProcess, tailOf, waitFor } from './child-process.ts'
import { claimPort } from './ports.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { clusterIn, prepareCluster } from './postgres-cluster.ts'
import { postgresHome, serverAccount } from './postgres-home.ts'
import { readPostmaster, stopLeftover, stopPostmaster } from './postgres-leftover.ts'

export type PostgresServer = {
  /** Of the superuser and the database postgres, password included. */
  url: string
  port: number
  pid: number
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>
  stop(): Promise<void>
  /** SIGKILL of the postmaster; its children notice and go. Start again with the same data folder and port. */
  kill(): Promise<void>
}

type Options = {
  /** Where the password and, when PostgreSQL's user can walk there, the cluster live. */
  dataDir: string
  port?: number | undefined
  /** Off: no fsync. A killed server loses nothing, a crash of the machine may lose or spoil the data. For tests. */
  durable: boolean
  /** Server settings beside our own, such as `shared_preload_libraries`. */
  settings?: Readonly<Record<string, string>> | undefined
  /** The data folder of a server that is stopped: where there is no data yet, it begins as a copy of that. */
  template?: string | undefined
  onProgress?: ((message: string) => void) | undefined
}

/**
 * Starts PostgreSQL on 127.0.0.1 and resolves once it answers a query. The data stays in place between starts. What a
 * killed supervisor left running on the same data is stopped first. Rejects when the port is taken, or with the end of
 * the server's log when it does not come up within 60 s.
 */
export async function startPostgres(options: Options): Promise<PostgresServer> {
  const onProgress = options.onProgress ?? (() => {})
  const account = serverAccount()
  const dataDir = resolve(options.dataDir)
  const native = postgresBinaries(account, onProgress)
  const home = await postgresHome(dataDir, account)
  const cluster = clusterIn(home)
  await stopLeftover(cluster)
  const password = await prepareCluster({ ...options, dataDir, home, native, account, onProgress })
  const port = await claimPort(
    options.port,
    'PostgreSQL',
    'Give it another one, or set DATABASE_URL to use that server.',
  )
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const { pid, ended } = await launch({
    home,
    native,
    account,
    port,
    durable: options.durable,
    settings: options.settings,
  })
  try {
    await answers(url)
  } catch (error) {
    await stopPostmaster(pid)
    throw error
  }
  return {
    url,
    port,
    pid,
    ended,
    stop: () => stopPostmaster(pid),
    kill: () => stopProcess(pid, [['SIGKILL', 5_000]]),
  }
}

type Place = { home: string; native: string; account: Account }

async function launch(place: Place & ServerSettings): Promise<{ pid: number; ended: Promise<void> }> {
  const cluster = clusterIn(place.home)
  const logFile = join(place.home, 'postgres.log')
  const until = performance.now() + 60_000
  for (;;) {
    const child = startServer({
      command: [join(place.native, 'bin', 'postgres'), '-D', cluster, ...settings(place)],
      logFile,
      account: place.account,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
    })
    const gone = () => child.exitCode !== null || child.signalCode !== null
    child.on('error', () => {})
    const ready = () => {
      const found = readPostmaster(cluster)
      return found?.pid === child.pid && found?.ready === true
    }
    await waitFor(() => gone() || ready(), until - performance.now())
    if (child.pid !== undefined && !gone() && ready()) return { pid: child.pid, ended: endOf(child) }
    if (child.pid !== undefined && !gone()) await stopPostmaster(child.pid)
    // After a kill -9 of the postmaster its children may hold the shared memory for some seconds more.
    const passing = /pre-existing shared memory block/.test(tailOf(logFile, 20))
    if (!passing || performance.now() > until)
      throw new Error(`PostgreSQL did not start:\n${tailOf(logFile)}`)
    await Bun.sleep(250)
  }
}

type ServerSettings = { port: number } & Pick<Options, 'durable' | 'settings'>

function settings(options: ServerSettings): string[] {
  const durable = options.durable ? 'on' : 'off'
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '200',
    fsync: durable,
    full_page_writes: durable,
    // On even when not durable: a commit that was answered must outlive a kill -9 of the server.
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function answers(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await sql`select 1`
  } finally {
    await sql.end({ timeout: 1 })
  }
}
