import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { endOf, isOurs, startServer, stopProcess, tailOf, waitFor } from './child-process.ts'
import { natsProgram } from './nats-binary.ts'
import { claimPort, freePort } from './ports.ts'

export type NatsServer = {
  url: string
  port: number
  pid: number
  version: string
  /** Where /varz and /healthz answer, loopback only. */
  monitorUrl: string
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>
  /** SIGTERM, and SIGKILL when it has not gone in 10 s. */
  stop(): Promise<void>
  /** SIGKILL. The streams stay on disk: start again with the same data folder and port. */
  kill(): Promise<void>
}

type Options = {
  dataDir: string
  port?: number | undefined
  onProgress?: ((message: string) => void) | undefined
}

const gently = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
] as const

/**
 * Starts nats-server with JetStream on 127.0.0.1 (fetching the program when the machine has none) and resolves once its
 * streams are recovered. What a killed supervisor left running on the same folder is stopped first. Rejects when the
 * port is taken, or with the end of the server's log when it does not come up within 60 s.
 */
export async function startNats(options: Options): Promise<NatsServer> {
  const onProgress = options.onProgress ?? (() => {})
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true })
  const program = await natsProgram(dataDir, onProgress)
  const pidFile = join(dataDir, 'nats-server.pid')
  await stopLeftover(pidFile)
  const port = await claimPort(
    options.port,
    'NATS',
    'Give it another one, or set NATS_URL to use that server.',
  )
  const monitorPort = await freePort()
  const { pid, ended } = await launch({ program: program.path, dataDir, pidFile, port, monitorPort })
  const end = async (steps: Parameters<typeof stopProcess>[1]) => {
    await stopProcess(pid, steps)
    rmSync(pidFile, { force: true })
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    monitorUrl: `http://127.0.0.1:${monitorPort}`,
    port,
    pid,
    ended,
    version: program.version,
    stop: () => end(gently),
    kill: () => end([['SIGKILL', 5_000]]),
  }
}

async function stopLeftover(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (isOurs(pid, 'nats-server', pidFile)) await stopProcess(pid, gently)
  rmSync(pidFile, { force: true })
}

type Launch = { program: string; dataDir: string; pidFile: string; port: number; monitorPort: number }

async function launch(options: Launch): Promise<{ pid: number; ended: Promise<void> }> {
  const logFile = join(options.dataDir, 'nats-server.log')
  const child = startServer({
    // The pid file in the arguments is also what tells our server from another one with the same pid.
    command: [options.program, '--config', configFile(), '--pid', options.pidFile],
    logFile,
    env: {
      NATS_LISTEN: `"127.0.0.1:${options.port}"`,
      NATS_MONITOR: `"127.0.0.1:${options.monitorPort}"`,
      NATS_STORE: JSON.stringify(join(options.dataDir, 'store')),
    },
  })
  let failed = ''
  child.on('error', (error) => (failed = error.message))
  const gone = () => failed !== '' || child.exitCode !== null || child.signalCode !== null
  let ready = false
  await waitFor(async () => gone() || (ready = await isHealthy(options.monitorPort)), 60_000)
  if (ready && child.pid !== undefined && !gone()) return { pid: child.pid, ended: endOf(child) }
  if (child.pid !== undefined && !gone()) await stopProcess(child.pid, gently)
  throw new Error(`nats-server did not start: ${failed}\n${tailOf(logFile)}`)
}

// Healthy means that JetStream runs and every stream and consumer on disk is recovered.
async function isHealthy(monitorPort: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${monitorPort}/healthz`, {
      signal: AbortSignal.timeout(1_000),
    })
    return response.ok
  } catch {
    return false
  }
}

function configFile(): string {
  const neighbour = createRequire(import.meta.url).resolve('@comptoir/nats/provision')
  return join(dirname(neighbour), 'nats-server.conf')
}
