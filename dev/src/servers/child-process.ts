import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'

/** The ordinary user a server runs as; null means the user we are. */
export type Account = { uid: number; gid: number } | null

type Launch = {
  command: string[]
  logFile: string
  account?: Account
  env?: Record<string, string>
  cwd?: string
}

/**
 * Starts a server in a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone and servers stop
 * last. Its output goes to a file: a pipe would break when the supervisor is killed.
 */
export function startServer(launch: Launch): ChildProcess {
  const log = openSync(launch.logFile, 'w', 0o600)
  const [file = '', ...args] = launch.command
  try {
    const child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
      env: { PATH: process.env['PATH'] ?? '', ...launch.env },
      ...launch.account,
    })
    endWithUs(child)
    return child
  } finally {
    closeSync(log)
  }
}

// Where we leave without stopping a server (a second Ctrl-C, an error that nobody caught), it goes down by itself: SIGINT
// is PostgreSQL's fast shutdown and ends nats-server too.
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGINT')
})

function endWithUs(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

/** Resolves when the process has ended; at once when it has already. */
export function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** True while the process exists and is not a zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  if (process.platform !== 'linux') return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
  } catch {
    return false
  }
}

/** When the process was born, as the system counts it; empty when there is no such process or it is a zombie. */
export function birthOf(pid: number): string {
  if (!isRunning(pid)) return ''
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  }
  try {
    // Fields after the command's closing bracket; starttime is the 22nd of all (man 5 proc).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** The process's command line, words joined by spaces; empty when there is no such process. */
export function commandLineOf(pid: number): string {
  if (existsSync(`/proc/${pid}/cmdline`)) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    } catch {
      return ''
    }
  }
  if (process.platform === 'linux') return ''
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
}

/** True when the pid is alive and its command line has every given part: a recycled pid is never taken for ours. */
export function isOurs(pid: number, ...parts: string[]): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isRunning(pid)) return false
  const command = commandLineOf(pid)
  return parts.every((part) => command.includes(part))
}

/** Sends each signal in turn, waiting its milliseconds for the process to go; resolves once it is gone. */
export async function stopProcess(
  pid: number,
  steps: readonly (readonly [NodeJS.Signals, number])[],
): Promise<void> {
  for (const [signal, waitMs] of steps) {
    if (!isRunning(pid)) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    if (await waitFor(() => !isRunning(pid), waitMs)) return
  }
  if (isRunning(pid)) throw new Error(`Process ${pid} does not stop.`)
}

/** Polls every 15 ms until the condition holds (true) or the milliseconds are over (false). */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const until = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > until) return false
    await Bun.sleep(15)
  }
  return true
}

/** The end of a log file, for an error message. */
export function tailOf(logFile: string, lines = 8): string {
  if (!existsSync(logFile)) return ''
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}
