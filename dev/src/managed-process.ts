import { join } from 'node:path'
import type { ProcessName, ProcessSpec } from './process-list.ts'

export type ManagedProcess = {
  readonly name: string
  /** The program that it is an instance of. */
  readonly program: ProcessName
  /** Undefined while it is down. */
  pid(): number | undefined
  /** How often it has ended since the stack started, for whatever reason. */
  exits(): number
  /** The environment of its next start; change it and restart. */
  readonly env: Record<string, string>
  /** The last lines it wrote, newest last. */
  lastLines(): readonly string[]
  start(): void
  /** SIGKILL (or the given signal); it is started again by itself. Resolves when it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Resolves at its next end, with its exit code or the signal's name. */
  nextExit(): Promise<number | string>
  /** SIGTERM, then start. */
  restart(): Promise<void>
  /** SIGTERM, and SIGKILL after the given time; it stays down. */
  stop(graceMs?: number): Promise<void>
}

export type ProcessHooks = {
  onLine(name: string, line: string): void
  onStart(name: string, pid: number): void
  /** `nextMs` is the pause before the next start; undefined when none follows. */
  onExit(name: string, how: number | string, nextMs: number | undefined): void
}

type Child = Bun.Subprocess<'pipe', 'pipe', 'pipe'>

const firstPauseMs = 150
const longestPauseMs = 5_000
/** A process that lived this long has earned a quick restart again. */
const provenMs = 10_000
const linesKept = 200
const gracefulMs = 25_000

/** Runs a process of the stack and starts it again when it dies, after a pause that doubles while it keeps dying. */
export function manageProcess(spec: ProcessSpec, hooks: ProcessHooks): ManagedProcess {
  const env = { ...spec.env }
  const output = keepLines((line) => hooks.onLine(spec.name, line))
  const exits = countExits()
  let child: Child | undefined
  let wanted = false
  let pauseMs = firstPauseMs
  let timer: ReturnType<typeof setTimeout> | undefined

  const start = () => {
    clearTimeout(timer)
    wanted = true
    if (child) return
    const startedAt = performance.now()
    const started = spawn(spec, env)
    child = started
    hooks.onStart(spec.name, started.pid)
    void readLines(started.stdout, output.take)
    void readLines(started.stderr, output.take)
    void started.exited.then(() => onEnd(started, startedAt))
  }
  const onEnd = (ended: Child, startedAt: number) => {
    child = undefined
    const how = ended.signalCode ?? ended.exitCode ?? 'unknown'
    if (performance.now() - startedAt > provenMs) pauseMs = firstPauseMs
    hooks.onExit(spec.name, how, wanted ? pauseMs : undefined)
    if (wanted) {
      timer = setTimeout(start, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    exits.tell(how)
  }
  const stop = (graceMs = gracefulMs) => {
    wanted = false
    clearTimeout(timer)
    return end(child, 'SIGTERM', graceMs)
  }
  const restart = async () => {
    await stop()
    pauseMs = firstPauseMs
    start()
  }
  const kill = (signal: NodeJS.Signals = 'SIGKILL') => end(child, signal, gracefulMs)
  // Where we leave without a stop, nothing stays behind.
  process.on('exit', () => child?.kill('SIGKILL'))

  const { lines } = output
  const { count, next } = exits
  const pid = () => child?.pid
  return {
    name: spec.name,
    program: spec.program,
    pid,
    exits: count,
    env,
    lastLines: () => lines,
    start,
    kill,
    nextExit: next,
    restart,
    stop,
  }
}

async function end(child: Child | undefined, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!child) return
  child.kill(signal)
  const harder = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await child.exited
  clearTimeout(harder)
}

function keepLines(tell: (line: string) => void): { lines: readonly string[]; take(line: string): void } {
  const lines: string[] = []
  const take = (line: string) => {
    lines.push(line)
    if (lines.length > linesKept) lines.shift()
    tell(line)
  }
  return { lines, take }
}

type Exit = number | string

function countExits(): { count(): number; next(): Promise<Exit>; tell(how: Exit): void } {
  let count = 0
  let waiting: ((how: Exit) => void)[] = []
  const tell = (how: Exit) => {
    count += 1
    const told = waiting
    waiting = []
    for (const resolve of told) resolve(how)
  }
  return { count: () => count, next: () => new Promise((resolve) => waiting.push(resolve)), tell }
}

function spawn(spec: ProcessSpec, env: Record<string, string>): Child {
  const endWithUs = join(import.meta.dir, 'end-with-supervisor.ts')
  return Bun.spawn([process.execPath, '--preload', endWithUs, join(spec.folder, spec.entry)], {
    cwd: spec.folder,
    env,
    // Closes when we are killed: then the process ends by itself.
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    // A session of its own, so that a terminal's Ctrl-C reaches the supervisor alone, which stops all in order.
    detached: true,
  })
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) take(line)
  }
  if (rest !== '') take(rest)
}
