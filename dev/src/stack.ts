import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { manageProcess, type ManagedProcess, type ProcessHooks } from './managed-process.ts'
import {
  adminEmail,
  type InstanceName,
  type ProcessName,
  processNames,
  processSpecs,
  type Scale,
} from './process-list.ts'
import { takeDataFolder } from './process-record.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { claimPort } from './servers/ports.ts'
import type { KeptServer } from './servers/kept-server.ts'
import { startServers } from './stack-servers.ts'
import { awaitReady } from './stack-ready.ts'

export type StackOptions = {
  /** All state; a second stack wants another folder. */
  dataDir: string
  /** Ports of the gateway and the sandbox; free ones when left out. */
  port?: number
  sandboxPort?: number
  /** Servers to use instead of embedded ones. */
  databaseUrl?: string | undefined
  natsUrl?: string | undefined
  /** PostgreSQL with fsync; off by default, since tests need no more than a killed process to be safe. */
  durable?: boolean
  /** Settings of the embedded PostgreSQL beside our own. */
  postgresSettings?: Readonly<Record<string, string>>
  /** The data folder of a PostgreSQL that is stopped, to begin with a copy of its data instead of none. */
  postgresTemplate?: string | undefined
  /** Multiplies the waits of redeliveries. */
  backoffScale?: number
  /** The processes to start; all of them when left out. */
  only?: readonly ProcessName[]
  /** Runs what `bun run build` has made, as production does, instead of the sources. */
  built?: boolean
  /** How many instances of a service to start; one of each when left out. */
  scale?: Scale
  /** Environment added to all instances of one program, or to `all`. */
  env?: Partial<Record<ProcessName | 'all', Record<string, string>>>
  /** What is being done, in words. */
  onProgress?: (message: string) => void
  /** Every line that a process writes. */
  onLine?: (name: string, line: string) => void
  /** Called once the processes are started, before they are ready. */
  onProcesses?: (processes: readonly ManagedProcess[]) => void
  /** How long to wait until all is ready, 60 s by default. Infinity waits on (a developer repairs what is broken). */
  readyWithinMs?: number
}

export type Stack = {
  gatewayUrl: string
  sandboxUrl: string
  databaseUrl: string
  natsUrl: string
  admin: { email: string; password: string }
  secrets: Secrets
  processes: { get(name: InstanceName): ManagedProcess; all(): ManagedProcess[] }
  /** Null where a server of the caller's own is used. */
  servers: { nats: KeptServer | null; postgres: KeptServer | null }
  /** SIGTERM to every process, SIGKILL after 25 s, then NATS and PostgreSQL. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL, NATS, the sandbox, the services and the gateway, and resolves when all are ready. What a killed
 * supervisor left in the folder is cleaned up first. On failure everything it started is stopped again.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir)
  const onProgress = options.onProgress ?? (() => {})
  mkdirSync(dataDir, { recursive: true })
  const record = await takeDataFolder(dataDir)
  const gatewayUrl = `http://127.0.0.1:${await claimPort(options.port, 'The gateway', wayOut('PORT', 8081))}`
  const sandboxUrl = `http://127.0.0.1:${await claimPort(options.sandboxPort, 'The sandbox', wayOut('SANDBOX_PORT', 8091))}`
  const secrets = loadSecrets(dataDir)
  const servers = await startServers(dataDir, options, onProgress)
  const hooks = hooksFor(options, record.note)
  const { databaseUrl, natsUrl } = servers
  record.noteNats(natsUrl)
  const specs = processSpecs({ natsUrl, databaseUrl, gatewayUrl, sandboxUrl, dataDir }, secrets, options)
  const wanted = specs.filter(({ program }) => (options.only ?? processNames).includes(program))
  const processes = new Map(
    wanted.map((spec) => [
      spec.name,
      manageProcess(
        { ...spec, env: { ...spec.env, ...options.env?.all, ...options.env?.[spec.program] } },
        hooks,
      ),
    ]),
  )
  const all = [...processes.values()]
  const stop = async () => {
    await Promise.all(all.map((process) => process.stop()))
    await servers.stop()
    record.remove()
  }
  try {
    for (const process of all) process.start()
    options.onProcesses?.(all)
    await awaitReady({
      processes: all,
      gatewayUrl,
      natsUrl,
      withinMs: options.readyWithinMs ?? 60_000,
      onProgress,
    })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    gatewayUrl,
    sandboxUrl,
    databaseUrl,
    natsUrl,
    admin: { email: adminEmail, password: secrets.adminPassword },
    secrets,
    processes: { get: (name) => orThrow(processes.get(name), name), all: () => all },
    servers: { nats: servers.nats, postgres: servers.postgres },
    stop,
  }
}

function hooksFor(options: StackOptions, note: (name: string, pid: number) => void): ProcessHooks {
  return {
    onStart: note,
    onLine: (name, line) => options.onLine?.(name, line),
    onExit: (name, how, nextMs) => {
      if (nextMs !== undefined)
        options.onProgress?.(`${name} ended (${how}), starting it again in ${nextMs} ms`)
    },
  }
}

function wayOut(variable: string, port: number): string {
  return `Stop that program or take another port: ${variable}=${port} npx -y bun@${Bun.version} run dev`
}

function orThrow<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`This stack was started without ${name}.`)
  return value
}
